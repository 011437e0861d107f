from django.urls import path

from .views import account, link, members, second_factor, sign_in, single_sign_on

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="login"),
    path("sign-out/", sign_in.SignOut.as_view(), name="logout"),
    path("password/", sign_in.PasswordChange.as_view(), name="password_change"),
    path("password/changed/", sign_in.PasswordChanged.as_view(), name="password_change_done"),
    path("link/<slug:token>/", link.sign_in_link, name="sign_in_link"),
    path("sign-in/institution/", single_sign_on.single_sign_on, name="single_sign_on"),
    path("sign-in/institution/done/", single_sign_on.single_sign_on_done, name="single_sign_on_done"),
    path("sign-in/code/", second_factor.second_factor_code, name="second_factor_code"),
    path("account/", account.account, name="account"),
    path("account/confirm/", account.confirm, name="confirm"),
    path("account/sessions/end/", account.sessions_end, name="sessions_end"),
    path("account/sessions/<int:session>/end/", account.session_end, name="session_end"),
    path("account/second-factor/", second_factor.second_factor, name="second_factor"),
    path("account/second-factor/begin/", second_factor.second_factor_begin, name="second_factor_begin"),
    path("account/second-factor/confirm/", second_factor.second_factor_confirm, name="second_factor_confirm"),
    path("account/second-factor/codes/", second_factor.recovery_codes, name="recovery_codes"),
    path("account/second-factor/remove/", second_factor.second_factor_remove, name="second_factor_remove"),
    path("s/<slug:slug>/members/", members.members, name="members"),
    path("s/<slug:slug>/members/new/", members.member_new, name="member_new"),
    path("s/<slug:slug>/members/<int:pk>/", members.member, name="member"),
    path("s/<slug:slug>/members/<int:pk>/role/", members.member_role, name="member_role"),
    path("s/<slug:slug>/members/<int:pk>/active/", members.member_active, name="member_active"),
    path("s/<slug:slug>/members/<int:pk>/link/", members.member_link, name="member_link"),
]
