//! The configurations in which a start is compared with the AWS CLI.

/// A configuration. `ONE`, `TWO` and `LOGIN` are the addresses of servers, `HOME` is the home directory.
pub struct Case {
    pub name: &'static str,
    pub config: &'static str,
    pub credentials: &'static str,
    pub environment: &'static [Variable],
    pub args: &'static [&'static str],
    /// What both must do; empty where both must fail before a call.
    pub calls: &'static [&'static str],
}

const NONE: Case = Case {
    name: "",
    config: "",
    credentials: "",
    environment: &[],
    args: &[],
    calls: &[],
};

pub type Variable = (&'static str, &'static str);

const ID: Variable = ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT");
const SECRET: Variable = ("AWS_SECRET_ACCESS_KEY", "example");
const REGION: Variable = ("AWS_DEFAULT_REGION", "eu-west-1");

const fn file(
    name: &'static str,
    config: &'static str,
    environment: &'static [Variable],
    calls: &'static [&'static str],
) -> Case {
    Case {
        name,
        config,
        environment,
        calls,
        ..NONE
    }
}

const AWS: &str = "CONNECT cognito-idp.eu-west-1.amazonaws.com:443";

pub const CASES: &[Case] = &[
    file(
        "a services section",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nservices=local\n\
         [services local]\ncognito_identity_provider =\n  endpoint_url = ONE\n",
        &[],
        &["one AKIAFILE eu-west-1"],
    ),
    file(
        "a services section with hyphens",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nservices=local\n\
         [services local]\ncognito-identity-provider =\n  endpoint_url = ONE\n",
        &[],
        &[AWS],
    ),
    file(
        "a services section before the profile's endpoint",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nservices=local\nendpoint_url=TWO\n\
         [services local]\ns3 =\n  endpoint_url = TWO\ncognito_identity_provider =\n  endpoint_url = ONE\n",
        &[],
        &["one AKIAFILE eu-west-1"],
    ),
    file(
        "a services section of other services",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nservices=local\nendpoint_url=TWO\n\
         [services local]\ns3 =\n  endpoint_url = ONE\n",
        &[],
        &["two AKIAFILE eu-west-1"],
    ),
    file(
        "a services section that is missing",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nservices=local\nendpoint_url=TWO\n\
         [services other]\ncognito_identity_provider =\n  endpoint_url = ONE\n",
        &[],
        &[],
    ),
    file(
        "the profile's endpoint",
        "[profile local]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n",
        &[("AWS_PROFILE", "local")],
        &["one AKIAFILE eu-west-1"],
    ),
    file(
        "an endpoint in the environment before a services section",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nservices=local\n\
         [services local]\ncognito_identity_provider =\n  endpoint_url = ONE\n",
        &[("AWS_ENDPOINT_URL", "TWO")],
        &["two AKIAFILE eu-west-1"],
    ),
    file(
        "a service's endpoint in the environment",
        "",
        &[
            ID,
            SECRET,
            REGION,
            ("AWS_ENDPOINT_URL", "TWO"),
            ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "ONE"),
        ],
        &["one AKIAENVIRONMENT eu-west-1"],
    ),
    file(
        "an empty endpoint in the environment",
        "[default]\nendpoint_url=ONE\n",
        &[ID, SECRET, REGION, ("AWS_ENDPOINT_URL", "")],
        &["one AKIAENVIRONMENT eu-west-1"],
    ),
    file(
        "endpoints ignored by the environment",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nservices=local\nendpoint_url=TWO\n\
         [services local]\ncognito_identity_provider =\n  endpoint_url = ONE\n",
        &[
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True"),
            ("AWS_ENDPOINT_URL", "TWO"),
        ],
        &[AWS],
    ),
    file(
        "endpoints ignored by the profile",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=TWO\n\
         ignore_configured_endpoint_urls=true\n",
        &[("AWS_ENDPOINT_URL", "TWO")],
        &[AWS],
    ),
    file(
        "the environment's switch before the profile's",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n\
         ignore_configured_endpoint_urls=true\n",
        &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false")],
        &["one AKIAFILE eu-west-1"],
    ),
    file(
        "the environment's empty switch before the profile's",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n\
         ignore_configured_endpoint_urls=true\n",
        &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "")],
        &["one AKIAFILE eu-west-1"],
    ),
    file(
        "a missing section among ignored endpoints",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nservices=local\n",
        &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")],
        &[AWS],
    ),
    Case {
        args: &["--endpoint-url", "ONE"],
        ..file(
            "a flag's endpoint among ignored ones",
            "",
            &[
                ID,
                SECRET,
                REGION,
                ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
                ("AWS_ENDPOINT_URL", "TWO"),
            ],
            &["one AKIAENVIRONMENT eu-west-1"],
        )
    },
    file(
        "keys of the environment before AWS_PROFILE, whose endpoint holds",
        "[profile local]\nregion=eu-west-2\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n",
        &[ID, SECRET, ("AWS_PROFILE", "local")],
        &["one AKIAENVIRONMENT eu-west-2"],
    ),
    Case {
        args: &["--profile", "local"],
        ..file(
            "a flag's profile before keys of the environment",
            "[profile local]\nregion=eu-west-2\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n",
            &[ID, SECRET],
            &["one AKIAFILE eu-west-2"],
        )
    },
    file(
        "AWS_DEFAULT_PROFILE before AWS_PROFILE",
        "[profile local]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n\
         [profile other]\nregion=eu-west-1\naws_access_key_id=AKIAOTHER\naws_secret_access_key=x\nendpoint_url=TWO\n",
        &[("AWS_PROFILE", "other"), ("AWS_DEFAULT_PROFILE", "local")],
        &["one AKIAFILE eu-west-1"],
    ),
    Case {
        credentials: "[default]\naws_access_key_id=AKIACREDENTIALS\naws_secret_access_key=x\nregion=eu-west-2\n",
        ..file(
            "the credentials file before the configuration file",
            "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n",
            &[],
            &["one AKIACREDENTIALS eu-west-2"],
        )
    },
    Case {
        credentials: "[default]\naws_access_key_id=AKIACREDENTIALS\naws_secret_access_key=x\n",
        ..file(
            "keys of the credentials file before a process",
            "[default]\nregion=eu-west-1\ncredential_process=cat HOME/process\nendpoint_url=ONE\n",
            &[],
            &["one AKIACREDENTIALS eu-west-1"],
        )
    },
    file(
        "a process before keys of the configuration file",
        "[default]\nregion=eu-west-1\ncredential_process=cat HOME/process\nendpoint_url=ONE\n\
         aws_access_key_id=AKIAFILE\naws_secret_access_key=x\n",
        &[],
        &["one AKIAPROCESS eu-west-1"],
    ),
    file(
        "a role",
        "[profile r]\nregion=eu-west-1\nrole_arn=arn:aws:iam::111111111111:role/ROLE\nsource_profile=base\nservices=local\n\
         [profile base]\naws_access_key_id=AKIABASE\naws_secret_access_key=x\nregion=eu-west-3\nendpoint_url=TWO\n\
         [services local]\nsts =\n  endpoint_url = LOGIN\ncognito_identity_provider =\n  endpoint_url = ONE\n",
        &[("AWS_PROFILE", "r")],
        &["login AKIABASE eu-west-1", "one ASIAROLE eu-west-1"],
    ),
    Case {
        args: &["--profile", "r", "--endpoint-url", "ONE"],
        ..file(
            "a role beside a flag's endpoint, which is not for the role",
            "[profile r]\nregion=eu-west-1\nrole_arn=arn:aws:iam::111111111111:role/ROLE\nsource_profile=base\nendpoint_url=LOGIN\n\
             [profile base]\naws_access_key_id=AKIABASE\naws_secret_access_key=x\n",
            &[],
            &["login AKIABASE eu-west-1", "one ASIAROLE eu-west-1"],
        )
    },
    file(
        "a chain of roles",
        "[profile r]\nregion=eu-west-1\nrole_arn=arn:aws:iam::111111111111:role/ROLE\nsource_profile=middle\nendpoint_url=ONE\n\
         [profile middle]\nrole_arn=arn:aws:iam::111111111111:role/MIDDLE\nsource_profile=base\n\
         [profile base]\naws_access_key_id=AKIABASE\naws_secret_access_key=x\n",
        &[("AWS_PROFILE", "r"), ("AWS_ENDPOINT_URL_STS", "LOGIN")],
        &[
            "login AKIABASE eu-west-1",
            "login ASIAMIDDLE eu-west-1",
            "one ASIAROLE eu-west-1",
        ],
    ),
    file(
        "a role with keys of its own profile",
        "[profile r]\nregion=eu-west-1\nrole_arn=arn:aws:iam::111111111111:role/ROLE\nsource_profile=r\nendpoint_url=ONE\n\
         aws_access_key_id=AKIABASE\naws_secret_access_key=x\n",
        &[("AWS_PROFILE", "r"), ("AWS_ENDPOINT_URL_STS", "LOGIN")],
        &["login AKIABASE eu-west-1", "one ASIAROLE eu-west-1"],
    ),
    file(
        "a source profile with a role and keys",
        "[profile r]\nregion=eu-west-1\nrole_arn=arn:aws:iam::111111111111:role/ROLE\nsource_profile=base\nendpoint_url=ONE\n\
         [profile base]\nrole_arn=arn:aws:iam::111111111111:role/BASE\nsource_profile=other\n\
         aws_access_key_id=AKIABASE\naws_secret_access_key=x\n",
        &[("AWS_PROFILE", "r"), ("AWS_ENDPOINT_URL_STS", "LOGIN")],
        &["login AKIABASE eu-west-1", "one ASIAROLE eu-west-1"],
    ),
    Case {
        args: &["--profile", "r"],
        ..file(
            "a role with the environment's keys",
            "[profile r]\nregion=eu-west-1\nrole_arn=arn:aws:iam::111111111111:role/ROLE\ncredential_source=Environment\nendpoint_url=ONE\n",
            &[ID, SECRET, ("AWS_ENDPOINT_URL_STS", "LOGIN")],
            &["login AKIAENVIRONMENT eu-west-1", "one ASIAROLE eu-west-1"],
        )
    },
    file(
        "source profiles in a circle",
        "[profile r]\nregion=eu-west-1\nrole_arn=arn:aws:iam::111111111111:role/ROLE\nsource_profile=base\nendpoint_url=ONE\n\
         [profile base]\nrole_arn=arn:aws:iam::111111111111:role/BASE\nsource_profile=r\n",
        &[("AWS_PROFILE", "r")],
        &[],
    ),
    file(
        "a source profile that is missing",
        "[profile r]\nregion=eu-west-1\nrole_arn=arn:aws:iam::111111111111:role/ROLE\nsource_profile=base\nendpoint_url=ONE\n",
        &[("AWS_PROFILE", "r")],
        &[],
    ),
    file(
        "a role with two sources",
        "[profile r]\nregion=eu-west-1\nrole_arn=arn:aws:iam::111111111111:role/ROLE\nsource_profile=base\n\
         credential_source=Environment\nendpoint_url=ONE\n[profile base]\naws_access_key_id=A\naws_secret_access_key=x\n",
        &[("AWS_PROFILE", "r")],
        &[],
    ),
    file(
        "a web identity of the environment before keys of the default profile",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n",
        &[
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "HOME/token"),
            ("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/WEB"),
            ("AWS_ENDPOINT_URL_STS", "LOGIN"),
        ],
        &["login - -", "one ASIAWEB eu-west-1"],
    ),
    Case {
        args: &["--profile", "local"],
        ..file(
            "a flag's profile before a web identity of the environment",
            "[profile local]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n",
            &[
                ("AWS_WEB_IDENTITY_TOKEN_FILE", "HOME/token"),
                ("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/WEB"),
                ("AWS_ENDPOINT_URL_STS", "LOGIN"),
            ],
            &["one AKIAFILE eu-west-1"],
        )
    },
    file(
        "a web identity of a profile",
        "[profile web]\nregion=eu-west-1\nrole_arn=arn:aws:iam::111111111111:role/WEB\nweb_identity_token_file=HOME/token\n\
         endpoint_url=ONE\n",
        &[("AWS_PROFILE", "web"), ("AWS_ENDPOINT_URL_STS", "LOGIN")],
        &["login - -", "one ASIAWEB eu-west-1"],
    ),
    file(
        "SSO before keys",
        "[profile sso]\nregion=eu-west-1\nsso_start_url=https://example.awsapps.com/start\nsso_region=eu-west-1\n\
         sso_account_id=111111111111\nsso_role_name=r\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nservices=local\n\
         [services local]\nsso =\n  endpoint_url = LOGIN\ncognito_identity_provider =\n  endpoint_url = ONE\n",
        &[("AWS_PROFILE", "sso")],
        &["login portal-token -", "one ASIASSO eu-west-1"],
    ),
    file(
        "SSO with ignored endpoints",
        "[profile sso]\nregion=eu-west-1\nsso_start_url=https://example.awsapps.com/start\nsso_region=eu-west-2\n\
         sso_account_id=111111111111\nsso_role_name=r\nendpoint_url=ONE\n",
        &[
            ("AWS_PROFILE", "sso"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
        ],
        &["CONNECT portal.sso.eu-west-2.amazonaws.com:443"],
    ),
    file(
        "SSO with half of its settings",
        "[profile sso]\nregion=eu-west-1\nsso_region=eu-west-1\nsso_account_id=111111111111\nsso_role_name=r\n\
         aws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n",
        &[("AWS_PROFILE", "sso")],
        &[],
    ),
    file(
        "half a key in the environment",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n",
        &[("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")],
        &[],
    ),
    file(
        "half a key in a file",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\nendpoint_url=ONE\n",
        &[],
        &[],
    ),
    file(
        "a profile that is missing",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n",
        &[("AWS_PROFILE", "nobody")],
        &[],
    ),
    file(
        "a Region of the environment",
        "[default]\nregion=eu-west-1\n",
        &[ID, SECRET, ("AWS_DEFAULT_REGION", "ap-southeast-2")],
        &["CONNECT cognito-idp.ap-southeast-2.amazonaws.com:443"],
    ),
    Case {
        args: &["--region", "us-west-2"],
        ..file(
            "a flag's Region",
            "[default]\nregion=eu-west-1\n",
            &[ID, SECRET, REGION],
            &["CONNECT cognito-idp.us-west-2.amazonaws.com:443"],
        )
    },
    Case {
        args: &["--region", "us-west-2"],
        ..file(
            "FIPS",
            "[default]\nuse_fips_endpoint=true\n",
            &[ID, SECRET, REGION],
            &["CONNECT cognito-idp-fips.us-west-2.amazonaws.com:443"],
        )
    },
    Case {
        args: &["--region", "us-west-2"],
        ..file(
            "dual stack",
            "",
            &[ID, SECRET, ("AWS_USE_DUALSTACK_ENDPOINT", "true")],
            &["CONNECT cognito-idp.us-west-2.amazonaws.com:443"],
        )
    },
    file(
        "a proxy before an endpoint of another machine",
        "[default]\nendpoint_url=http://emulator.internal:4566\n",
        &[
            ID,
            SECRET,
            REGION,
            ("HTTP_PROXY", "PROXY"),
            ("http_proxy", "PROXY"),
        ],
        &["POST http://emulator.internal:4566/"],
    ),
    file(
        "files elsewhere",
        "[default]\nregion=eu-west-1\naws_access_key_id=AKIAFILE\naws_secret_access_key=x\nendpoint_url=ONE\n",
        &[
            ("AWS_CONFIG_FILE", "~/elsewhere"),
            ("AWS_SHARED_CREDENTIALS_FILE", "HOME/nowhere"),
        ],
        &["two AKIAELSEWHERE eu-west-2"],
    ),
];
