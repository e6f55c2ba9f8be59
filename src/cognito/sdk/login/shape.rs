//! How a profile, or a machine without one, logs in: read from the settings alone, in the order of the AWS CLI. No call is made.

use std::path::PathBuf;

use aws_config::profile::Profile;
use aws_credential_types::Credentials;
use secrecy::SecretString;

use super::files::{AwsFiles, DEFAULT_PROFILE, variable};
use crate::cognito::error::{Error, ErrorKind};
use crate::domain::identity::SignIn;
use crate::domain::shell::option_word;

/// The credentials to start with, and the roles that are assumed with them, the first one first.
#[derive(Clone, Debug)]
pub struct Login {
    pub base: Base,
    pub roles: Vec<Role>,
}

/// The first credentials of a login.
#[derive(Clone, Debug)]
pub enum Base {
    /// Keys in the environment.
    Environment(Credentials),
    /// Keys in a file.
    Keys {
        profile: String,
        keys: Credentials,
    },
    /// IAM Identity Center.
    Sso(SsoLogin),
    /// `aws login`.
    Console {
        profile: String,
        session: String,
    },
    /// A `credential_process`.
    Process {
        profile: String,
        /// Its arguments may be secret.
        command: SecretString,
    },
    WebIdentity(WebIdentity),
    /// The container's role, where the environment has its address.
    Container,
    /// The instance's role.
    Instance,
    /// No setting gives any: the container's role, or else the instance's.
    Machine,
}

/// A profile of IAM Identity Center.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoLogin {
    pub profile: String,
    /// The name of its `sso-session`.
    pub session: Option<String>,
    pub start_url: String,
    pub region: String,
    pub account: String,
    pub role: String,
}

/// A role that is assumed with a token in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebIdentity {
    /// The profile that has it; `None` for the environment.
    pub profile: Option<String>,
    pub token_file: PathBuf,
    pub role_arn: String,
    pub session_name: Option<String>,
}

/// A role to assume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The profile that has it.
    pub profile: String,
    pub arn: String,
    pub external_id: Option<String>,
    pub session_name: Option<String>,
    pub mfa_serial: Option<String>,
    /// In seconds.
    pub duration: Option<i32>,
}

impl Login {
    /// The login of the profile in use. `is_named` is whether a flag named it: then no keys of the environment count.
    ///
    /// # Errors
    /// The profile is missing, or a setting is missing or wrong.
    pub fn of(files: &AwsFiles, is_named: bool) -> Result<Self, Error> {
        if !is_named && variable("AWS_ACCESS_KEY_ID").is_some() {
            return Ok(Self::base(Base::Environment(environment_keys()?)));
        }
        let name = files.name();
        if files.profile(name).is_none() && (is_named || name != DEFAULT_PROFILE) {
            return Err(files.no_profile(name));
        }
        let mut login = Self::base(Base::Machine);
        let mut visited = vec![name.to_owned()];
        let mut search = Search {
            files,
            environment: !is_named,
            roles: Vec::new(),
        };
        if let Some(base) = search.resolve(name, &mut visited)? {
            login.base = base;
        }
        login.roles = search.roles;
        // The innermost role is assumed first.
        login.roles.reverse();
        Ok(login)
    }

    fn base(base: Base) -> Self {
        let roles = Vec::new();
        Self { base, roles }
    }

    /// The program that logs in again, where a person can.
    pub fn sign_in(&self) -> Option<SignIn> {
        match &self.base {
            Base::Sso(sso) => Some(SignIn::Sso(sso.profile.clone())),
            Base::Console { profile, .. } => Some(SignIn::Console(profile.clone())),
            _ => None,
        }
    }

    /// Whether a code of an MFA device may be asked for.
    pub fn asks_code(&self) -> bool {
        self.roles.iter().any(|role| role.mfa_serial.is_some())
    }

    /// Where the credentials come from, without a secret.
    pub fn words(&self) -> String {
        let base = match &self.base {
            Base::Environment(_) => "keys in the environment".to_owned(),
            Base::Keys { profile, .. } => format!("keys of profile {profile}"),
            Base::Sso(sso) => format!("IAM Identity Center (SSO), profile {}", sso.profile),
            Base::Console { profile, .. } => format!("aws login, profile {profile}"),
            Base::Process { profile, .. } => format!("credential_process of profile {profile}"),
            Base::WebIdentity(web) => match &web.profile {
                Some(profile) => format!("web identity of profile {profile}"),
                None => "web identity in the environment".to_owned(),
            },
            Base::Container => "role of the container".to_owned(),
            Base::Instance => "role of the EC2 instance".to_owned(),
            Base::Machine => "role of the container or the EC2 instance".to_owned(),
        };
        self.roles.iter().fold(base, |words, role| {
            let code = role.mfa_serial.as_ref().map_or("", |_| " with MFA");
            format!("{words}, then role {}{code}", role.arn)
        })
    }
}

/// A walk along `source_profile`.
struct Search<'a> {
    files: &'a AwsFiles,
    /// Whether a web identity of the environment counts.
    environment: bool,
    roles: Vec<Role>,
}

impl Search<'_> {
    /// The first credentials of a profile; its roles are noted. `None` if no setting gives any.
    fn resolve(&mut self, name: &str, visited: &mut Vec<String>) -> Result<Option<Base>, Error> {
        let Some(profile) = self.files.profile(name) else {
            return self.base(name);
        };
        let is_first = visited.len() == 1;
        let Some(arn) = role_of(profile).filter(|_| is_first || !has_keys(profile)) else {
            return self.base(name);
        };
        self.roles.push(role(name, arn, profile));
        match (
            get(profile, "source_profile"),
            get(profile, "credential_source"),
        ) {
            (Some(_), Some(_)) => Err(wrong(
                name,
                "has both source_profile and credential_source",
                "remove one of them",
            )),
            (None, None) => Err(wrong(
                name,
                "has role_arn, but neither source_profile nor credential_source",
                "add source_profile",
            )),
            (None, Some(source)) => Self::named(name, source).map(Some),
            (Some(source), None) => {
                let Some(next) = self.files.profile(source) else {
                    return Err(self.files.no_profile(source));
                };
                if source == name && has_keys(next) {
                    return self.base(source);
                }
                if visited.iter().any(|seen| seen == source) {
                    let loops = format!("leads back to profile {source} by source_profile");
                    return Err(wrong(name, &loops, "name a profile with credentials there"));
                }
                visited.push(source.to_owned());
                self.environment = false;
                let base = self.resolve(source, visited)?;
                base.map(Some).ok_or_else(|| {
                    let none = format!("has source_profile = {source}, which has no credentials");
                    wrong(
                        name,
                        &none,
                        "add credentials to it, or name another profile",
                    )
                })
            }
        }
    }

    /// The source that `credential_source` names.
    fn named(name: &str, source: &str) -> Result<Base, Error> {
        Ok(match source.to_ascii_lowercase().as_str() {
            "environment" => Base::Environment(environment_keys()?),
            "ecscontainer" => Base::Container,
            "ec2instancemetadata" => Base::Instance,
            _ => {
                let unknown = format!("has credential_source = {source}");
                let known = "use Environment, EcsContainer or Ec2InstanceMetadata";
                return Err(wrong(name, &unknown, known));
            }
        })
    }

    /// The credentials of a profile without its role, in the order of the AWS CLI.
    fn base(&self, name: &str) -> Result<Option<Base>, Error> {
        let profile = self.files.profile(name);
        if let Some(web) = self.web_identity(name, profile)? {
            return Ok(Some(Base::WebIdentity(web)));
        }
        let Some(profile) = profile else {
            return Ok(None);
        };
        if let Some(sso) = self.sso(name, profile)? {
            return Ok(Some(Base::Sso(sso)));
        }
        let own = self.files.in_credentials(name);
        let own = own.filter(|own| get(own, "aws_access_key_id").is_some());
        let owned = |text: &str| text.to_owned();
        let profile_name = owned(name);
        Ok(if let Some(own) = own {
            let keys = profile_keys(name, own)?;
            Some(Base::Keys {
                profile: profile_name,
                keys,
            })
        } else if let Some(session) = get(profile, "login_session") {
            let session = owned(session);
            Some(Base::Console {
                profile: profile_name,
                session,
            })
        } else if let Some(command) = get(profile, "credential_process") {
            let command = SecretString::from(command);
            Some(Base::Process {
                profile: profile_name,
                command,
            })
        } else if has_keys(profile) {
            let keys = profile_keys(name, profile)?;
            Some(Base::Keys {
                profile: profile_name,
                keys,
            })
        } else {
            None
        })
    }

    fn web_identity(
        &self,
        name: &str,
        profile: Option<&Profile>,
    ) -> Result<Option<WebIdentity>, Error> {
        let find = |variable_name, key| {
            let outer = variable(variable_name).filter(|_| self.environment);
            outer.or_else(|| get(profile?, key).map(str::to_owned))
        };
        let Some(token_file) = find("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file")
        else {
            return Ok(None);
        };
        let Some(role_arn) = find("AWS_ROLE_ARN", "role_arn") else {
            return Err(wrong(
                name,
                "has a web identity token file, but no role_arn",
                "add role_arn, or set AWS_ROLE_ARN",
            ));
        };
        let is_outer = self.environment && variable("AWS_WEB_IDENTITY_TOKEN_FILE").is_some();
        Ok(Some(WebIdentity {
            profile: (!is_outer).then(|| name.to_owned()),
            token_file: token_file.into(),
            role_arn,
            session_name: find("AWS_ROLE_SESSION_NAME", "role_session_name"),
        }))
    }

    fn sso(&self, name: &str, profile: &Profile) -> Result<Option<SsoLogin>, Error> {
        let (account, role) = (
            get(profile, "sso_account_id"),
            get(profile, "sso_role_name"),
        );
        if account.is_none() && role.is_none() {
            return Ok(None);
        }
        let session = get(profile, "sso_session");
        let section = match session {
            Some(session) => Some(self.files.session(session).ok_or_else(|| {
                let missing = format!(
                    "has sso_session = {session}, but there is no section [sso-session {session}]"
                );
                wrong(name, &missing, &configure_sso(name))
            })?),
            None => None,
        };
        let find = |key| match section.and_then(|section| section.get(key)) {
            Some(value) => Some(value.to_owned()),
            None => get(profile, key).map(str::to_owned),
        };
        let values = [
            ("sso_account_id", account.map(str::to_owned)),
            ("sso_role_name", role.map(str::to_owned)),
            ("sso_start_url", find("sso_start_url")),
            ("sso_region", find("sso_region")),
        ];
        let missing: Vec<&str> = values
            .iter()
            .filter(|(_, value)| value.is_none())
            .map(|(key, _)| *key)
            .collect();
        let [Some(account), Some(role), Some(start_url), Some(region)] =
            values.map(|(_, value)| value)
        else {
            let lacks = format!("logs in with SSO, but has no {}", missing.join(", "));
            return Err(wrong(name, &lacks, &configure_sso(name)));
        };
        Ok(Some(SsoLogin {
            profile: name.to_owned(),
            session: session.map(str::to_owned),
            start_url,
            region,
            account,
            role,
        }))
    }
}

fn configure_sso(name: &str) -> String {
    format!("run `aws configure sso {}`", option_word("--profile", name))
}

fn get<'a>(profile: &'a Profile, key: &str) -> Option<&'a str> {
    profile.get(key).filter(|value| !value.trim().is_empty())
}

/// The role to assume. With a token file the role is part of the web identity.
fn role_of(profile: &Profile) -> Option<&str> {
    let has_token = get(profile, "web_identity_token_file").is_some();
    get(profile, "role_arn").filter(|_| !has_token)
}

fn has_keys(profile: &Profile) -> bool {
    let keys = ["aws_access_key_id", "aws_secret_access_key"];
    keys.into_iter().any(|key| get(profile, key).is_some())
}

fn role(name: &str, arn: &str, profile: &Profile) -> Role {
    let find = |key| get(profile, key).map(str::to_owned);
    Role {
        profile: name.to_owned(),
        arn: arn.to_owned(),
        external_id: find("external_id"),
        session_name: find("role_session_name"),
        mfa_serial: find("mfa_serial"),
        // As in the AWS CLI, what is no number is no setting.
        duration: find("duration_seconds").and_then(|text| text.trim().parse().ok()),
    }
}

/// The keys of a profile.
fn profile_keys(name: &str, profile: &Profile) -> Result<Credentials, Error> {
    let find = |key| get(profile, key);
    let (id, secret) = ("aws_access_key_id", "aws_secret_access_key");
    let lacks = |there: &str, missing: &str| {
        let half = format!("has {there}, but no {missing}");
        wrong(
            name,
            &half,
            &format!("run `aws configure {}`", option_word("--profile", name)),
        )
    };
    let key_id = find(id).ok_or_else(|| lacks(secret, id))?;
    let secret = find(secret).ok_or_else(|| lacks(id, secret))?;
    let token = find("aws_security_token").or_else(|| find("aws_session_token"));
    Ok(Credentials::new(
        key_id,
        secret,
        token.map(str::to_owned),
        None,
        "profile",
    ))
}

/// The keys of the environment.
///
/// # Errors
/// The secret is missing: the SDK silently uses other keys, the AWS CLI reports it.
pub fn environment_keys() -> Result<Credentials, Error> {
    let missing = |what: &str| {
        Error::new(
            "connect",
            ErrorKind::NoCredentials,
            what,
            "Set both, or unset it and use --profile or AWS_PROFILE.",
        )
    };
    let key_id = variable("AWS_ACCESS_KEY_ID").ok_or_else(|| {
        missing("The profile takes the keys of the environment, but AWS_ACCESS_KEY_ID is not set.")
    })?;
    let secret = variable("AWS_SECRET_ACCESS_KEY").or_else(|| variable("SECRET_ACCESS_KEY"));
    let secret = secret
        .ok_or_else(|| missing("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not."))?;
    let token = variable("AWS_SECURITY_TOKEN").or_else(|| variable("AWS_SESSION_TOKEN"));
    Ok(Credentials::new(key_id, secret, token, None, "environment"))
}

/// The error that a profile's settings are wrong.
fn wrong(name: &str, what: &str, way: &str) -> Error {
    let mut way = way.to_owned();
    if let Some(first) = way.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Error::new(
        "connect",
        ErrorKind::NoCredentials,
        format!("Profile {name} {what}."),
        format!("{way}."),
    )
}
