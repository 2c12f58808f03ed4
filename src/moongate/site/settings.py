"""Django's settings, by environment; docs/operate.md lists every variable."""

from pathlib import Path

from csp.constants import NONE, SELF

from moongate.site import environment, logs
from moongate.site.environment import flag, whole_number, words

PACKAGE = Path(__file__).resolve().parent.parent
BUILT = PACKAGE / "built"
HOME = environment.data_home()
# Where an operator puts built editions besides those that ship.
EDITIONS_HOME = HOME / "editions"

DEBUG = flag("MOONGATE_DEBUG")
HTTPS = flag("MOONGATE_HTTPS")
SECRET_KEY = environment.secret_key(HOME)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *words("MOONGATE_ALLOWED_HOSTS")]
TRUSTED_PROXIES = words("MOONGATE_TRUSTED_PROXIES")
CSRF_TRUSTED_ORIGINS = [
    f"https://{'*' + host if host.startswith('.') else host}"
    for host in words("MOONGATE_ALLOWED_HOSTS")
    if host != "*"
]

INSTALLED_APPS = [
    "moongate.site",
    "moongate.race",
    "moongate.health",
    "moongate.health.wechat",
    "moongate.social",
    "moongate.accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "moongate.accounts.wechat",
    "csp",
    "django_tasks_db",
    "ninja",
]

MIDDLEWARE = [
    "moongate.site.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "moongate.site.middleware.PermissionsPolicy",
    "moongate.site.static.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "moongate.site.urls"
ASGI_APPLICATION = "moongate.site.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": environment.database(HOME)}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "moongate.accounts.context.person",
                "moongate.site.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "moongate.site.forms.Renderer"

# Rate limits are counted here: one process, so its own memory is exact. Culling early would let
# a flood of addresses push a limit out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Work that outlives a request: a table in the database, done by a thread of the same process.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
RUN_WORKER = flag("MOONGATE_WORKER", default=True)

# What people upload, decoded and written anew by us; served by our own view, which asks who asks.
MEDIA_ROOT = HOME / "media"
SOCIAL_REVIEW_PHOTOS = flag("MOONGATE_REVIEW_PHOTOS")

# Health records: the keys that seal them, newest first; a home without any makes its own file.
HEALTH_KEYS = words("MOONGATE_HEALTH_KEYS")
HEALTH_KEY_FILE = HOME / "health_keys"
HEALTH_KEEP_DAYS = whole_number("MOONGATE_HEALTH_KEEP_DAYS", 3 * 365)

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/London"
USE_I18N = True
FORMAT_MODULE_PATH = "moongate.site.formats"
USE_TZ = True

# Static files: straight from the packages, no collecting.
STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [BUILT] if BUILT.is_dir() else []
if EDITIONS_HOME.is_dir():
    STATICFILES_DIRS.append(("editions", EDITIONS_HOME))
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {
    ".webmanifest": "application/manifest+json",
    ".glb": "model/gltf-binary",
    ".bin": "application/octet-stream",
    ".mjs": "text/javascript",
}

# Sign-in with WeChat, offered when its apps are given
WECHAT_OPEN_URL = "https://open.weixin.qq.com"
WECHAT_API_URL = "https://api.weixin.qq.com"
WECHAT_APPS = environment.wechat_apps()
# The health talk inside WeChat; docs/wechat-official-account.md
WECHAT_MESSAGES = environment.wechat_messages()
WECHAT_MINI_PROGRAM = environment.wechat_mini_program()
PUBLIC_URL = environment.public_url()
SOCIALACCOUNT_PROVIDERS = {"weixin": {"APPS": WECHAT_APPS}}
SOCIALACCOUNT_ADAPTER = "moongate.accounts.wechat.adapter.SocialAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8  # seconds

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        # Browsers follow this rule along redirects too, and the button to WeChat is a form.
        "form-action": [SELF, WECHAT_OPEN_URL] if WECHAT_APPS else [SELF],
        "upgrade-insecure-requests": HTTPS,
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 90 * 24 * 3600
CSRF_FAILURE_VIEW = "moongate.site.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "moongate.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    name: f"moongate.accounts.forms.{form}"
    for name, form in {
        "signup": "SignupForm",
        "login": "LoginForm",
        "add_email": "EmailForm",
        "reset_password": "ForgottenForm",
        "reset_password_from_key": "ResetPasswordForm",
        "change_password": "ChangePasswordForm",
        "set_password": "SetPasswordForm",
        "reauthenticate": "ConfirmForm",
    }.items()
}
MFA_FORMS = {
    "add_webauthn": "moongate.accounts.forms.PasskeyForm",
    "edit_webauthn": "moongate.accounts.forms.RenamePasskeyForm",
    "reauthenticate": "moongate.accounts.recovery.ConfirmCodeForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
# An address counts once it is confirmed, and only then belongs to one account; so sign-up never
# tells whether somebody else has an account here.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_USERNAME_VALIDATORS = "moongate.accounts.names.username_validators"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# One password guess is cheap to make and dear to check, so the address counts as well as the name.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "10/m/ip,3/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("MOONGATE_PROXY_COUNT", 0)
MFA_ADAPTER = "moongate.accounts.adapters.PasskeyAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 12  # one alone opens the account, so it must not be guessed
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"

locals().update(environment.mail())
DEFAULT_FROM_EMAIL = SERVER_EMAIL = "Moongate <moongate@localhost>"

LOGGING_CONFIG = None
logs.configure()
