/* remarks.c - see remarks.h */
#include "scheduler/ctl/remarks.h"

static const char *
text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* An argument that our own table does not know is of a newer program: shown all the same. */
static void
take_arguments(const json_t *list, ContentRemark *remark)
{
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *from = json_array_get(list, i);
        ContentRemarkArgument *argument = content_shape_new(&content_remark_argument_shape);

        argument->name = g_strdup(text_at(from, "name"));
        argument->value = g_strdup(text_at(from, "value"));
        if (argument->name == NULL || argument->value == NULL)
            content_remark_argument_shape.free(argument);
        else
            g_ptr_array_add(remark->arguments, argument);
    }
}

char *
ctl_remark_words(const json_t *json, const CtlView *view)
{
    const char *code = text_at(json, "code");
    g_autoptr(ContentRemark) remark = NULL;

    if (code == NULL)
        return g_strdup("");
    remark = content_remark_new(code, text_at(json, "subject"), NULL);
    take_arguments(json_object_get(json, "arguments"), remark);
    content_remark_say(remark, text_at(json, "words"));
    return view->is_plain ? content_wording_code(remark)
                          : content_wording_remark(remark, view->reader, view->zone);
}

char *
ctl_remarks_words(const json_t *list, const CtlView *view)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < json_array_size(list); i++) {
        g_autofree char *one = ctl_remark_words(json_array_get(list, i), view);

        g_string_append_printf(text, "%s%s", i == 0 ? "" : "; ", one);
    }
    return g_string_free(text, FALSE);
}
