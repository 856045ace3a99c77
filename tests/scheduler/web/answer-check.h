/*
 * answer-check.h - is an answer of the API what docs/openapi.yaml says?
 *
 * Flow: every answer that a test of the API receives (TestHttps.seen) -> here, against the
 * route's own row, from which the page is made -> the test fails, naming route and member.
 */
#pragma once

#include "tests/support/https.h"

/**
 * answer_check_complain:
 * @method: as it was sent
 * @path: with its query
 *
 * Returns: (transfer full) (nullable): what the page does not say, in words; NULL: nothing
 */
char *answer_check_complain(const char *method, const char *path, const TestAnswer *answer);

/** answer_check: TestHttps.seen: fails the test if there is a complaint */
void answer_check(const char *method, const char *path, const TestAnswer *answer);
