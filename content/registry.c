/* registry.c - see registry.h */
#include "content/registry.h"

#include "content/alert.h"
#include "content/exchange.h"
#include "content/grant.h"
#include "content/heartbeat.h"
#include "content/lease.h"
#include "content/manifest.h"
#include "content/plan.h"
#include "content/record.h"
#include "content/template.h"

#include <string.h>

#define MAX_SHOWN_BYTES 40

/* clang-format off */
static const ContentDocumentType *const types[] = {
    &content_ack_type, &content_alert_type, &content_approval_type, &content_bundle_type, &content_day_plan_type,
    &content_enquiry_type, &content_enrol_type, &content_enrolled_type, &content_grant_type, &content_heartbeat_type,
    &content_hello_type, &content_inventory_type, &content_keys_type, &content_lamp_order_type, &content_lease_state_type,
    &content_lease_wish_type, &content_local_order_type, &content_manifest_type, &content_record_type,
    &content_records_type, &content_renew_type, &content_renewed_type, &content_report_type, &content_request_type,
    &content_station_settings_type, &content_stop_type, &content_templates_type,
    &content_test_answer_type, &content_test_ask_type, &content_test_order_type,
    &content_time_answer_type, &content_time_ask_type,
};
/* clang-format on */

const ContentDocumentType *const *
content_registry_types(gsize *out_n_types)
{
    *out_n_types = G_N_ELEMENTS(types);
    return types;
}

const ContentDocumentType *
content_registry_find(const char *name, GError **error)
{
    g_autofree char *shown = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (g_strcmp0(types[i]->type, name) == 0)
            return types[i];
    }
    shown = content_document_text(name, MAX_SHOWN_BYTES);
    g_set_error(error, CONTENT_DOCUMENT_ERROR, CONTENT_DOCUMENT_ERROR_TYPE,
                "there is no document type \"%s\"", shown);
    return NULL;
}
