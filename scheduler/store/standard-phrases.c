/*
 * standard-phrases.c - the alerts that every district begins with, in Vietnamese. See
 * templates.h.
 *
 * Short sentences that stand for themselves, so that names and levels fit between them and an
 * announcer of any language can say them in one sitting.
 */
#include "scheduler/store/templates.h"

/* clang-format off */
const SchedStandardPhrase sched_standard_phrases[] = {
    { "cb-dien-tap",    "Thử nghiệm! Thử nghiệm! Đây là diễn tập, không phải tình huống thật." },
    { "cb-noi-den",     "Nơi đến an toàn:" },
    { "cb-lu-1",        "Chú ý! Chú ý! Cảnh báo lũ." },
    { "cb-lu-2",        "Bà con các làng sau đây khẩn trương chuyển đến nơi an toàn:" },
    { "cb-lu-3",        "Tuyệt đối không lội qua sông, suối, ngầm tràn. Đưa người già và trẻ em đi trước." },
    { "cb-lu-quet-1",   "Chú ý! Chú ý! Cảnh báo lũ quét. Nước đang lên rất nhanh." },
    { "cb-lu-quet-2",   "Bà con các làng sau đây rời bờ suối, lên chỗ cao ngay:" },
    { "cb-lu-quet-3",   "Không quay lại lấy đồ đạc." },
    { "cb-sat-lo-1",    "Chú ý! Chú ý! Cảnh báo sạt lở đất." },
    { "cb-sat-lo-2",    "Bà con các làng sau đây ra khỏi nhà, rời xa sườn dốc ngay:" },
    { "cb-sat-lo-3",    "Không đến gần chỗ đất đang nứt, đang trượt." },
    { "cb-bao-1",       "Chú ý! Chú ý! Tin bão khẩn cấp. Bão sẽ ảnh hưởng đến địa phương ta" },
    { "cb-bao-2",       "Bà con các làng sau đây chằng chống nhà cửa, không ra ngoài khi gió mạnh:" },
    { "cb-xa-lu-1",     "Chú ý! Chú ý! Hồ chứa nước phía trên sẽ xả lũ" },
    { "cb-xa-lu-2",     "Nước sông sẽ lên nhanh. Bà con các làng sau đây rời khỏi bờ sông, bãi sông:" },
    { "cb-xa-lu-3",     "Không qua sông, không vớt củi, không bắt cá." },
    { "cb-chay-rung-1", "Chú ý! Chú ý! Đang có cháy rừng gần các làng sau đây:" },
    { "cb-chay-rung-2", "Lực lượng chữa cháy tập trung ngay. Người già và trẻ em chuyển đến nơi an toàn." },
    { "cb-chay-nha-1",  "Chú ý! Chú ý! Đang có cháy nhà ở làng sau đây:" },
    { "cb-chay-nha-2",  "Đưa mọi người ra khỏi nhà, ngắt điện. Bà con ở gần mang dụng cụ đến chữa cháy. Gọi số một, một, bốn." },
    { "cb-dich-1",      "Chú ý! Thông báo khẩn về dịch bệnh ở các làng sau đây:" },
    { "cb-dich-2",      "Ai có dấu hiệu mắc bệnh, hãy đến ngay trạm y tế. Bà con làm theo hướng dẫn của cán bộ y tế." },
    { "cb-het-1",       "Thông báo: nguy hiểm đã qua. Bà con các làng sau đây có thể trở về nhà:" },
    { "cb-het-2",       "Bà con tiếp tục chú ý nghe loa." },
    { "cb-nham-1",      "Xin lỗi bà con. Cảnh báo vừa rồi là báo nhầm. Không có nguy hiểm. Bà con yên tâm." },
    { "cb-noi-1",       "Chú ý! Chú ý! Thông báo khẩn." },
    { NULL, NULL },
};

#define WAIL  CONTENT_ALERT_TONE_WAIL,  6000
#define PULSE CONTENT_ALERT_TONE_PULSE, 6000
#define CHIME CONTENT_ALERT_TONE_CHIME, 4000
#define GONG  CONTENT_ALERT_TONE_GONG,  4000
const SchedStandardTemplate sched_standard_templates[] = {
    /* id           event                        title                   severity  tone   repeats gap_ms again_s life_min  parts */
    { "lu",         CONTENT_EVENT_FLOOD,         "Lũ",                      3,    WAIL,  3, 2000, 600, 180,
      { "cb-lu-1", "[level]", "cb-lu-2", "[village]", "cb-noi-den", "[refuge]", "cb-lu-3" } },
    { "lu-quet",    CONTENT_EVENT_FLASH_FLOOD,   "Lũ quét",                 4,    WAIL,  5, 1000, 300, 120,
      { "cb-lu-quet-1", "cb-lu-quet-2", "[village]", "cb-noi-den", "[refuge]", "cb-lu-quet-3" } },
    { "sat-lo",     CONTENT_EVENT_LANDSLIDE,     "Sạt lở đất",              4,    WAIL,  5, 1000, 300, 120,
      { "cb-sat-lo-1", "cb-sat-lo-2", "[village]", "cb-noi-den", "[refuge]", "cb-sat-lo-3" } },
    { "bao",        CONTENT_EVENT_STORM,         "Bão",                     3,    WAIL,  3, 2000, 1800, 360,
      { "cb-bao-1", "[time]", "cb-bao-2", "[village]" } },
    { "xa-lu",      CONTENT_EVENT_DAM_RELEASE,   "Hồ chứa xả lũ",           3,    WAIL,  3, 2000, 600, 180,
      { "cb-xa-lu-1", "[time]", "cb-xa-lu-2", "[village]", "cb-xa-lu-3" } },
    { "chay-rung",  CONTENT_EVENT_FOREST_FIRE,   "Cháy rừng",               3,    PULSE, 3, 2000, 600, 120,
      { "cb-chay-rung-1", "[village]", "cb-chay-rung-2", "cb-noi-den", "[refuge]" } },
    { "chay-nha",   CONTENT_EVENT_HOUSE_FIRE,    "Cháy nhà",                2,    PULSE, 3, 1000, 0, 30,
      { "cb-chay-nha-1", "[village]", "cb-chay-nha-2" } },
    { "dich-benh",  CONTENT_EVENT_EPIDEMIC,      "Dịch bệnh",               2,    CHIME, 2, 3000, 0, 60,
      { "cb-dich-1", "[village]", "cb-dich-2" } },
    { "het-nguy",   CONTENT_EVENT_ALL_CLEAR,     "Hết nguy hiểm",           1,    GONG,  2, 3000, 0, 60,
      { "cb-het-1", "[village]", "cb-het-2" } },
    { "bao-nham",   CONTENT_EVENT_FALSE_ALARM,   "Báo nhầm",                2,    GONG,  3, 2000, 0, 60,
      { "cb-nham-1" } },
    { "loi-noi",    CONTENT_EVENT_SPOKEN,        "Thông báo khẩn bằng lời", 3,    CHIME, 2, 2000, 0, 60,
      { "cb-noi-1" } },
    { "dien-tap",   CONTENT_EVENT_DRILL,         "Diễn tập",                1,    GONG,  1, 2000, 0, 30,
      { "cb-dien-tap" } },
    { NULL },
};

const SchedStandardValue sched_standard_values[] = {
    { "cb-bd-1",       CONTENT_BLANK_LEVEL,  "Báo động 1",            "Mực nước đã đến báo động một." },
    { "cb-bd-2",       CONTENT_BLANK_LEVEL,  "Báo động 2",            "Mực nước đã đến báo động hai." },
    { "cb-bd-3",       CONTENT_BLANK_LEVEL,  "Báo động 3",            "Mực nước đã đến báo động ba." },
    { "cb-cap-1",      CONTENT_BLANK_LEVEL,  "Rủi ro thiên tai cấp 1", "Rủi ro thiên tai cấp một." },
    { "cb-cap-2",      CONTENT_BLANK_LEVEL,  "Rủi ro thiên tai cấp 2", "Rủi ro thiên tai cấp hai." },
    { "cb-cap-3",      CONTENT_BLANK_LEVEL,  "Rủi ro thiên tai cấp 3", "Rủi ro thiên tai cấp ba." },
    { "cb-cap-4",      CONTENT_BLANK_LEVEL,  "Rủi ro thiên tai cấp 4", "Rủi ro thiên tai cấp bốn." },
    { "cb-cap-5",      CONTENT_BLANK_LEVEL,  "Rủi ro thiên tai cấp 5", "Rủi ro thiên tai cấp năm." },
    { "cb-ngay",       CONTENT_BLANK_TIME,   "ngay bây giờ",          "ngay bây giờ." },
    { "cb-1-gio",      CONTENT_BLANK_TIME,   "trong 1 giờ tới",       "trong một giờ tới." },
    { "cb-3-gio",      CONTENT_BLANK_TIME,   "trong 3 giờ tới",       "trong ba giờ tới." },
    { "cb-6-gio",      CONTENT_BLANK_TIME,   "trong 6 giờ tới",       "trong sáu giờ tới." },
    { "cb-dem-nay",    CONTENT_BLANK_TIME,   "trong đêm nay",         "trong đêm nay." },
    { "cb-sang-mai",   CONTENT_BLANK_TIME,   "trong sáng mai",        "trong sáng mai." },
    { "cb-truong-hoc", CONTENT_BLANK_REFUGE, "trường học",            "trường học." },
    { "cb-nha-rong",   CONTENT_BLANK_REFUGE, "nhà rông",              "nhà rông của làng." },
    { "cb-uy-ban",     CONTENT_BLANK_REFUGE, "trụ sở Ủy ban nhân dân xã", "trụ sở Ủy ban nhân dân xã." },
    { "cb-tram-y-te",  CONTENT_BLANK_REFUGE, "trạm y tế xã",          "trạm y tế xã." },
    { "cb-cho-cao",    CONTENT_BLANK_REFUGE, "chỗ cao gần nhất",      "chỗ cao gần nhất." },
    { NULL },
};
/* clang-format on */
