"""facts.py - the district of the demo: who and where, and what is said there.

Communes, their official codes and the words are real. No Bahnar or Jrai sentence is made up:
the placeholder voice reads single words from published lists, and says in Vietnamese that it is
a test. Real stations are spoken by people of the village.
"""

GROUP = ("khu-vuc-demo", "Khu vực thử nghiệm")

#  id, name, official code
COMMUNES = [
    ("kong-chro", "Kông Chro", "23824"),
    ("ia-pa", "Ia Pa", "24022"),
    ("dak-doa", "Đak Đoa", "23677"),
]

#  village id, name, commune
VILLAGES = [
    ("kong-chro-lang-1", "Làng 1, Kông Chro", "kong-chro"),
    ("kong-chro-lang-2", "Làng 2, Kông Chro", "kong-chro"),
    ("ia-pa-bon-1", "Ƀôn 1, Ia Pa", "ia-pa"),
    ("ia-pa-bon-2", "Ƀôn 2, Ia Pa", "ia-pa"),
    ("dak-doa-bahnar", "Làng Bahnar, Đak Đoa", "dak-doa"),
    ("dak-doa-jrai", "Làng Jrai, Đak Đoa", "dak-doa"),
]

#  station, zone, village, languages in the village's order, relay number on the board
ZONES = [
    ("kong-chro", "kc-1", "kong-chro-lang-1", ["bdq", "vi"], 1),
    ("kong-chro", "kc-2", "kong-chro-lang-2", ["bdq", "vi"], 2),
    ("ia-pa", "ip-1", "ia-pa-bon-1", ["jra", "vi"], 1),
    ("ia-pa", "ip-2", "ia-pa-bon-2", ["jra", "vi"], 2),
    ("dak-doa", "dd-bahnar", "dak-doa-bahnar", ["bdq", "vi"], 1),
    ("dak-doa", "dd-jrai", "dak-doa-jrai", ["jra", "vi"], 2),
]

TITLE = "Dự báo mưa lớn trên sông Ba"
SOURCE = ("Số 12/TB-PCTT", "Ban Chỉ huy Phòng thủ dân sự tỉnh")

#  language, espeak-ng voice, speed, script
VERSIONS = [
    ("vi", "vi", 150,
     "Đây là bản tin thử nghiệm. Dự báo có mưa lớn, nguy cơ lũ quét và sạt lở đất. "
     "Đề nghị bà con chú ý theo dõi thông báo."),
    ("bdq", "vi+f3", 130,
     "Giọng máy thử nghiệm. Pơlĕi. Kon pơlĕi. Adrơ̆u. ʼMi. Đak tih. Gơlaĭ. Kơtơ̆ng."),
    ("jra", "id", 130,
     "Giọng máy thử nghiệm. Ƀôn sang. Tơring čar. Ia ling dăo. Hrơi. Mông. Brơi thâo."),
]

#  login, name shown, role
ACCOUNTS = [
    ("bien-tap", "Biên tập viên (thử)", "editor"),
    ("nguoi-doc", "Người kiểm tra tiếng (thử)", "reviewer"),
    ("nguoi-duyet", "Người duyệt (thử)", "approver"),
    ("ky-thuat", "Kỹ thuật viên (thử)", "technician"),
]
