//! A start beside the AWS CLI: both run with the same files, environment and options, and both must call the same places as the same
//! caller. Places that are not on this machine are seen by a proxy, which refuses them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A configuration. `ONE`, `TWO` and `LOGIN` are the addresses of servers, `HOME` is the home directory.
struct Case {
    name: &'static str,
    config: &'static str,
    credentials: &'static str,
    environment: &'static [Variable],
    args: &'static [&'static str],
    /// What both must do; empty where both must fail before a call.
    calls: &'static [&'static str],
}

const NONE: Case = Case {
    name: "",
    config: "",
    credentials: "",
    environment: &[],
    args: &[],
    calls: &[],
};

type Variable = (&'static str, &'static str);

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

const CASES: &[Case] = &[
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

/// What arrived: the place, the key and the Region, or the address that a proxy was asked for. Repetitions are one.
type Calls = Arc<Mutex<Vec<String>>>;

fn record(calls: &Calls, call: String) {
    let mut calls = calls.lock().unwrap();
    if calls.last() != Some(&call) {
        calls.push(call);
    }
}

async fn answer(place: &'static str, calls: Calls, request: Request) -> (StatusCode, String) {
    let (parts, body) = request.into_parts();
    let header = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap());
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let signature = header("authorization").and_then(|header| header.split_once("Credential="));
    let scope: Vec<&str> = signature.map_or(Vec::new(), |(_, scope)| scope.split('/').collect());
    let of_sso = header("x-amz-sso_bearer_token");
    let key = scope.first().copied().or(of_sso).unwrap_or("-");
    record(
        &calls,
        format!("{place} {key} {}", scope.get(2).unwrap_or(&"-")),
    );
    let end = "2099-01-01T00:00:00Z";
    if of_sso.is_some() {
        let keys = r#"{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"x","sessionToken":"t","expiration":4070908800000}}"#;
        return (StatusCode::OK, keys.to_owned());
    }
    for operation in ["AssumeRoleWithWebIdentity", "AssumeRole"] {
        if body.contains(&format!("Action={operation}&"))
            || body.ends_with(&format!("Action={operation}"))
        {
            let (_, role) = body.split_once("role%2F").unwrap();
            let role = role.split('&').next().unwrap();
            let xml = format!(
                "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{operation}Result><Credentials>\
                 <AccessKeyId>ASIA{role}</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken>\
                 <Expiration>{end}</Expiration></Credentials></{operation}Result></{operation}Response>"
            );
            return (StatusCode::OK, xml);
        }
    }
    (StatusCode::OK, r#"{"UserPools":[]}"#.to_owned())
}

async fn serve(place: &'static str, calls: &Calls) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::clone(calls);
    let handle = move |request: Request| answer(place, Arc::clone(&calls), request);
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handle)).await });
    url
}

/// A proxy that notes where it was to connect to, and refuses.
async fn proxy(calls: &Calls) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::clone(calls);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let address = head.split_whitespace().take(2).collect::<Vec<_>>();
            record(&calls, address.join(" "));
            let _ = stream
                .write_all(
                    b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                )
                .await;
        }
    });
    url
}

struct Servers {
    calls: Calls,
    names: BTreeMap<&'static str, String>,
}

impl Servers {
    async fn start() -> Self {
        let calls = Calls::default();
        let names = [
            ("ONE", serve("one", &calls).await),
            ("TWO", serve("two", &calls).await),
            ("LOGIN", serve("login", &calls).await),
            ("PROXY", proxy(&calls).await),
        ];
        Self {
            calls,
            names: names.into(),
        }
    }

    fn filled(&self, text: &str, home: &Path) -> String {
        let text = text.replace("HOME", &home.display().to_string());
        self.names
            .iter()
            .fold(text, |text, (name, url)| text.replace(name, url))
    }

    /// What a program does with a configuration, and whether it ends well.
    async fn run(&self, case: &Case, program: &Path, words: &[&str]) -> (Vec<String>, bool) {
        let home = tempfile::tempdir().unwrap();
        let aws = home.path().join(".aws");
        let cache = aws.join("sso/cache");
        std::fs::create_dir_all(&cache).unwrap();
        let write = |path: PathBuf, text: &str| {
            std::fs::write(path, self.filled(text, home.path())).unwrap()
        };
        write(aws.join("config"), case.config);
        write(aws.join("credentials"), case.credentials);
        write(home.path().join("token"), "identity");
        write(
            home.path().join("process"),
            r#"{"Version":1,"AccessKeyId":"AKIAPROCESS","SecretAccessKey":"x"}"#,
        );
        write(
            home.path().join("elsewhere"),
            "[default]\nregion=eu-west-2\naws_access_key_id=AKIAELSEWHERE\naws_secret_access_key=x\nendpoint_url=TWO\n",
        );
        // What `printf %s https://example.awsapps.com/start | sha1sum` prints.
        write(
            cache.join("e8be5486177c5b5392bd9aa76563515b29358e6e.json"),
            r#"{"accessToken":"portal-token","expiresAt":"2099-01-01T00:00:00Z"}"#,
        );
        let mut command = Command::new(program);
        command
            .args(words)
            .args(case.args.iter().map(|arg| self.filled(arg, home.path())))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", home.path())
            .env("HTTPS_PROXY", self.names["PROXY"].as_str())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_MAX_ATTEMPTS", "1")
            .stdin(Stdio::null());
        for (name, value) in case.environment {
            command.env(name, self.filled(value, home.path()));
        }
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        let calls = std::mem::take(&mut *self.calls.lock().unwrap());
        (calls, output.status.success())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_calls_the_places_that_the_aws_cli_calls_as_the_same_caller() {
    let Some(python) = std::env::var_os("COGNITUI_PYTHON") else {
        panic!(
            "COGNITUI_PYTHON is not set: run ./tests/run, which installs the AWS CLI and sets it"
        );
    };
    let aws = PathBuf::from(python).with_file_name("aws");
    let ours = PathBuf::from(env!("CARGO_BIN_EXE_cognitui"));
    assert!(CASES.len() >= 30);
    let mut wrong = Vec::new();
    let (half, rest) = CASES.split_at(CASES.len() / 2);
    let walk = async |cases: &'static [Case]| {
        let servers = Servers::start().await;
        let mut wrong = Vec::new();
        for case in cases {
            let theirs = ["cognito-idp", "list-user-pools", "--max-results", "1"];
            let theirs = servers.run(case, &aws, &theirs).await;
            let own = servers.run(case, &ours, &["list", "pools"]).await;
            let expected = case.calls.iter().map(|call| (*call).to_owned()).collect();
            // What a proxy refuses is no success; where nothing is called, both fail.
            let well = case.calls.last().is_some_and(|call| !call.contains(':'));
            let expected: (Vec<String>, bool) = (expected, well);
            if theirs != expected || own != expected {
                wrong.push(format!(
                    "{}: AWS CLI {theirs:?}, cognitui {own:?}",
                    case.name
                ));
            }
        }
        wrong
    };
    let (one, two) = tokio::join!(walk(half), walk(rest));
    wrong.extend(one.into_iter().chain(two));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
