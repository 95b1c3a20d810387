from django.urls import path

from . import report_account_views, report_link_views, report_section_views, report_template_views, report_views

_RUN = "accounts/<uuid:account>/assessments/<uuid:assessment>/reports/"
_TEMPLATE = "report-templates/<uuid:template>/"

urlpatterns = [
    path("accounts/<uuid:account>/reports/", report_account_views.account_reports, name="account_reports"),
    path(
        "accounts/<uuid:account>/reports/<uuid:template>/enabling/",
        report_account_views.report_enabling,
        name="report_enabling",
    ),
    path(_RUN, report_views.run_reports, name="run_reports"),
    path(f"{_RUN}of/<uuid:template>/", report_views.report_making, name="report_making"),
    path(f"{_RUN}<uuid:report>/", report_views.report, name="report"),
    path(f"{_RUN}<uuid:report>/file.<str:ending>", report_views.report_file, name="report_file"),
    path(f"{_RUN}<uuid:report>/drawing/", report_views.report_drawing, name="report_drawing"),
    path(f"{_RUN}<uuid:report>/sharing/", report_link_views.report_sharing, name="report_sharing"),
    path(
        f"{_RUN}<uuid:report>/sharing/<uuid:link>/revocation/",
        report_link_views.report_link_revocation,
        name="report_link_revocation",
    ),
    path(
        f"{_RUN}<uuid:report>/sharing/<uuid:link>/return/<uuid:step>/",
        report_link_views.report_link_return,
        name="report_link_return",
    ),
    path("report-templates/", report_template_views.list_of_templates, name="report_templates"),
    path("report-templates/new/", report_template_views.template_new, name="report_template_new"),
    path("report-templates/import/", report_template_views.template_import, name="report_template_import"),
    path(_TEMPLATE, report_section_views.editor, name="report_template"),
    path(f"{_TEMPLATE}export/", report_template_views.template_export, name="report_template_export"),
    path(f"{_TEMPLATE}activation/", report_template_views.template_activation, name="report_template_activation"),
    path(f"{_TEMPLATE}default/", report_template_views.template_default, name="report_template_default"),
    path(f"{_TEMPLATE}copy/", report_template_views.template_copy, name="report_template_copy"),
    path(f"{_TEMPLATE}removal/", report_template_views.template_removal, name="report_template_removal"),
    path(f"{_TEMPLATE}preview/", report_template_views.template_preview, name="report_template_preview"),
    path(f"{_TEMPLATE}sections/", report_section_views.section_addition, name="report_section_addition"),
    path(f"{_TEMPLATE}sections/return/", report_section_views.section_return, name="report_section_return"),
    path(f"{_TEMPLATE}sections/<slug:key>/", report_section_views.section, name="report_section"),
    path(
        f"{_TEMPLATE}sections/<slug:key>/preview/", report_section_views.section_preview, name="report_section_preview"
    ),
    path(
        f"{_TEMPLATE}sections/<slug:key>/position/",
        report_section_views.section_position,
        name="report_section_position",
    ),
    path(
        f"{_TEMPLATE}sections/<slug:key>/removal/", report_section_views.section_removal, name="report_section_removal"
    ),
]
