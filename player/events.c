/* events.c - see events.h */
#include "player/events.h"

/* clang-format off */
const ContentEvent play_logs[PLAY_N_LOGS] = {
    [PLAY_LOG_STARTED] = { "4bded5af0e97413745e751dd8d61d9ff", "player-started", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_PLAYED] = { "39d4b0c6b6c144472bc4ba739da247aa", "segment-played", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_MISSED] = { "e2d4c19a3cb76f2e999c9c85d789606d", "segment-missed", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_FAULT] = { "d7ff1983fd935edae2d76c7f7ed669db", "player-fault", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_CLEARED] = { "123552a12807ba575475a3c71e253054", "fault-cleared", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_REFUSED] = { "b44a68e22a3000af7311fd7cd91991fc", "document-refused", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_LINE] = { "f125e5972f0cf2a80197f1d66052e40b", "district-line", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_GATEWAY] = { "a475bfabb50eedcbd37ece47d5a600be", "gateway-line", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_CLOCK] = { "19b9f2222c59b467f1034c6e4e2d8759", "clock-changed", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_TEST] = { "74aef569fa67fcf1753a06f1fbb98388", "relay-tested", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_JOURNAL] = { "70c619a89b9efeb3025ddea5a2522ff5", "journal-refused", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_ALERT_TAKEN] = { "848aba58999c40268325ab83d1bca019", "alert-taken", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_ALERT_LOCAL] = { "7bcdd3e01e6d48f687e01f518cfc5645", "alert-ordered-here", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_ALERT_ENDED] = { "1e4d3e8781984e23a89ed8cedfe1542d", "alert-ended", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_PAGE] = { "8d8420c260a4414db45aaed6efaac6a4", "page-served", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_PAGE_REFUSED] = { "20716ddcb18f45ffb56f30c5028c8ea6", "page-refused", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_SPEECH] = { "5e0b1f6c2d7a4c0f9a63d81b7e42c9f5", "speech-kept", G_LOG_LEVEL_MESSAGE },
    [PLAY_LOG_SOURCE] = { "f28e691553c247b5a8aa53ec4ebce7ed", "relay-source", G_LOG_LEVEL_MESSAGE },
};
/* clang-format on */
