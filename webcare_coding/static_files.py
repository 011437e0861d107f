"""Static files in production: our script modules import each other by names that change with their content.

Browsers may then keep them for good, and after an update never mix old modules with new ones. Django can
rewrite imports in all scripts or in none; a script of django-htmx does not bear it, so it is done in ours.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_SCRIPTS = "annotations/js/*.js"


class StaticFiles(CompressedManifestStaticFilesStorage):
    _imports = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]
    patterns = (*CompressedManifestStaticFilesStorage.patterns, (OWN_SCRIPTS, _imports))
    # A pass settles one level of imports at the least.
    max_post_process_passes = 20
