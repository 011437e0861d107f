from django.urls import path

from .views import link, members, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="login"),
    path("sign-out/", sign_in.SignOut.as_view(), name="logout"),
    path("password/", sign_in.PasswordChange.as_view(), name="password_change"),
    path("password/changed/", sign_in.PasswordChanged.as_view(), name="password_change_done"),
    path("link/<slug:token>/", link.sign_in_link, name="sign_in_link"),
    path("s/<slug:slug>/members/", members.members, name="members"),
    path("s/<slug:slug>/members/new/", members.member_new, name="member_new"),
    path("s/<slug:slug>/members/<int:pk>/", members.member, name="member"),
    path("s/<slug:slug>/members/<int:pk>/role/", members.member_role, name="member_role"),
    path("s/<slug:slug>/members/<int:pk>/active/", members.member_active, name="member_active"),
    path("s/<slug:slug>/members/<int:pk>/link/", members.member_link, name="member_link"),
]
