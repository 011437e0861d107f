from django.urls import path

from .views import own_keys, pages, writes

urlpatterns = [
    path("keys/", own_keys.own_keys_page, name="own_keys"),
    path("s/<slug:slug>/code/", pages.coding, name="coding"),
    path("s/<slug:slug>/code/list/", pages.coding_list, name="coding_list"),
    path("s/<slug:slug>/code/<int:assignment>/", pages.coding_unit, name="coding_unit"),
    path("s/<slug:slug>/code/<int:assignment>/open/", writes.coding_open, name="coding_open"),
    path("s/<slug:slug>/code/<int:assignment>/save/", writes.coding_save, name="coding_save"),
    path("s/<slug:slug>/code/<int:assignment>/seconds/", writes.coding_seconds, name="coding_seconds"),
    path("s/<slug:slug>/code/<int:assignment>/reveal/", writes.coding_reveal, name="coding_reveal"),
    path("s/<slug:slug>/code/<int:assignment>/context/", writes.coding_context, name="coding_context"),
]
