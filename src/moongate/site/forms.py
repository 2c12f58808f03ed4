"""How forms look everywhere: a label, the field, its help, its fault."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws forms and fields with the site's own templates."""

    form_template_name = "site/form.html"
    field_template_name = "site/field.html"
