"""The verbs of accounts. Each is audited; the actor comes first."""

from referral.accounts.services.invitations import (
    accept_invitation,
    invite,
    invite_again,
    issue_reset,
    request_reset,
    reset_password,
)
from referral.accounts.services.organisations import (
    add_closure,
    change_inbox,
    change_locality,
    change_organisation,
    create_locality,
    create_organisation,
    remove_closure,
)
from referral.accounts.services.signing_in import (
    SignedIn,
    end_session,
    open_session,
    seen,
    sign_in,
    sign_out,
    switch,
)
from referral.accounts.services.tokens import issue_token, purge_expired, revoke_token, token_used
from referral.accounts.services.users import (
    add_user,
    change_own_account,
    change_own_password,
    disable_user,
    enable_user,
    grant,
    revoke,
    set_roles,
)

__all__ = [
    "SignedIn",
    "accept_invitation",
    "add_closure",
    "add_user",
    "change_inbox",
    "change_locality",
    "change_organisation",
    "change_own_account",
    "change_own_password",
    "create_locality",
    "create_organisation",
    "disable_user",
    "enable_user",
    "end_session",
    "grant",
    "invite",
    "invite_again",
    "issue_reset",
    "issue_token",
    "open_session",
    "purge_expired",
    "remove_closure",
    "request_reset",
    "reset_password",
    "revoke",
    "revoke_token",
    "seen",
    "set_roles",
    "sign_in",
    "sign_out",
    "switch",
    "token_used",
]
