//! The credentials that sign the calls: looked for when a call first needs them, kept while they work, and looked for again in every
//! place once they do not. What is found then is not used before STS has said that it is of the same account.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use aws_config::Region;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature as Feature;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_cognitoidentityprovider::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use aws_smithy_types::date_time::Format;

use super::throttle::{self, ConnectionEvent, ConnectionEvents};
use crate::cognito::api::reads::{self, Identity};
use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::sdk::ca_bundle::CaBundle;
use crate::cognito::sdk::errors::{self, ConnectionInfo};
use crate::cognito::sdk::{http_client, sso_session};
use crate::domain::time::Timestamp;

/// As long as the SDK waits for credentials; and as long as STS has to say whose they are.
const PATIENCE: Duration = Duration::from_secs(5);
/// What expires within this time is renewed by the next call that needs it, if it can be.
const EARLY: Duration = Duration::from_mins(5);
/// What expires within this time is not used any more.
const LATE: Duration = Duration::from_secs(10);
/// How long nothing new is looked for after that brought nothing, while what is there still works.
const PAUSE: Duration = Duration::from_secs(10);

/// What became of the credentials that sign the calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInEvent {
    /// Some were found. They end at this time, where that is known and nothing renews them by itself.
    Found(Option<Timestamp>),
    /// There are some again after there were none that worked. The identity is `None` where STS did not answer.
    Renewed(Option<Identity>),
    /// Those that are there now are of another account than before, and are not used.
    OtherAccount {
        /// Whose they are.
        found: Identity,
        /// The account of before.
        account: String,
    },
}

/// Where credentials are looked for.
pub struct CredentialSources {
    pub profile: Option<String>,
    pub region: Option<Region>,
    pub ca_bundle: Option<CaBundle>,
}

/// Gives every client of a connection its credentials, and hears from every answer whether they work. Clones share them.
#[derive(Clone)]
pub struct CredentialSession {
    inner: Arc<Inner>,
}

struct Inner {
    places: CredentialSources,
    /// Asks STS whose some are.
    sts: aws_sdk_sts::config::Builder,
    origin: ConnectionInfo,
    signals: ConnectionEvents,
    state: Mutex<State>,
    /// One search at a time, however many calls wait for it.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    held: Option<Credentials>,
    /// The last that were used: found again, they are nothing new.
    last: Option<Credentials>,
    /// AWS refused the last ones, or there were none.
    lost: bool,
    /// The account of this connection, once STS has named it.
    account: Option<String>,
    /// When others were looked for although those at hand still work.
    sought: Option<Instant>,
}

/// The id of the key that a call was signed with. Others may be in use when its answer comes.
#[derive(Debug)]
struct SigningKeyId(String);

impl Storable for SigningKeyId {
    type Storer = StoreReplace<Self>;
}

impl CredentialSession {
    pub fn new(
        places: CredentialSources,
        sts: aws_sdk_sts::config::Builder,
        origin: ConnectionInfo,
        signals: ConnectionEvents,
    ) -> Self {
        let inner = Inner {
            places,
            sts,
            origin,
            signals,
            state: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The id of the access key in use.
    pub fn key_id(&self) -> Option<String> {
        let state = self.state();
        Some(state.held.as_ref()?.access_key_id().to_owned())
    }

    /// From now on this connection is `account`'s, unless another key came into use since STS was asked, when it was `before`.
    pub fn settle(&self, account: &str, before: Option<&str>) {
        let now = self.key_id();
        if before.is_none() || before == now.as_deref() {
            self.state().account = Some(account.to_owned());
        }
    }

    /// Does not wait to look again for others, where those at hand end soon.
    pub fn renew(&self) {
        self.state().sought = None;
    }

    /// Drops the credentials, if these are the ones that were refused.
    fn forget(&self, key_id: &str) {
        let mut state = self.state();
        let held = state.held.as_ref();
        if held.is_some_and(|held| held.access_key_id() == key_id) {
            state.held = None;
            state.lost = true;
        }
    }

    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        if let Some(held) = self.current() {
            return Ok(held);
        }
        let _turn = self.inner.turn.lock().await;
        // Another call may have found some meanwhile.
        if let Some(held) = self.current() {
            return Ok(held);
        }
        {
            let mut state = self.state();
            // The first search after some end is not kept waiting by one that found these.
            state.sought = state.held.is_some().then(Instant::now);
        }
        let found = match self.inner.places.search().await {
            Ok(found) => self.accept(found).await,
            Err(error) => Err(error),
        };
        found.or_else(|error| {
            let mut state = self.state();
            let working = state.held.clone().filter(|held| !expires(held, LATE));
            if working.is_none() {
                state.held = None;
                state.lost = true;
            }
            working.ok_or(error)
        })
    }

    /// The credentials at hand, unless it is time for others.
    fn current(&self) -> Option<Credentials> {
        let state = self.state();
        let paused = state.sought.is_some_and(|at| at.elapsed() < PAUSE);
        let time = if paused { LATE } else { EARLY };
        state.held.clone().filter(|held| !expires(held, time))
    }

    /// Uses what was found, once it is certain that it is of the same account.
    async fn accept(&self, found: Credentials) -> Result<Credentials, CredentialsError> {
        let (is_new, lost, account) = {
            let state = self.state();
            let is_new = !state.last.as_ref().is_some_and(|last| same(last, &found));
            (is_new, state.lost, state.account.clone())
        };
        let mut who = None;
        if is_new && (lost || account.is_some()) {
            match self.whose(&found).await {
                Ok(identity) => who = Some(identity),
                // Where no account is settled, nothing can be mistaken for it.
                Err(error) if account.is_none() && !error.is_about_credentials() => {}
                Err(error) => return Err(CredentialsError::provider_error(error)),
            }
        }
        if let (Some(found), Some(account)) = (&who, &account)
            && found.account != *account
        {
            self.signal(SignInEvent::OtherAccount {
                found: found.clone(),
                account: account.clone(),
            });
            let error = other_account(found, account);
            return Err(CredentialsError::provider_error(error));
        }
        let end = end_of(&found, self.inner.places.profile.as_deref()).await;
        self.store(&found, is_new, who.as_ref());
        if is_new && lost {
            self.signal(SignInEvent::Renewed(who));
        }
        self.signal(SignInEvent::Found(end));
        Ok(found)
    }

    fn store(&self, found: &Credentials, is_new: bool, who: Option<&Identity>) {
        let mut state = self.state();
        state.held = Some(found.clone());
        if is_new {
            state.last = Some(found.clone());
            state.lost = false;
        }
        if let Some(who) = who {
            state.account = Some(who.account.clone());
        }
    }

    async fn whose(&self, found: &Credentials) -> Result<Identity, Error> {
        let config = self.inner.sts.clone().credentials_provider(found.clone());
        let client = aws_sdk_sts::Client::from_conf(config.build());
        let asked = reads::identity(&client, &self.inner.origin);
        // The call that waits for this has a limit of its own.
        let answer = tokio::time::timeout(PATIENCE, asked).await;
        answer.unwrap_or_else(|_| {
            let hint = errors::hint(&ErrorKind::Timeout, &self.inner.origin);
            let error = Error::new("GetCallerIdentity", ErrorKind::Timeout, "", hint);
            Err(error.about("AWS STS"))
        })
    }

    fn signal(&self, signing: SignInEvent) {
        (self.inner.signals)(ConnectionEvent::SignIn(signing));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.inner.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CredentialSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

impl ProvideCredentials for CredentialSession {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

impl Intercept for CredentialSession {
    fn name(&self) -> &'static str {
        "Signer"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let header = context.request().headers().get("authorization");
        if let Some(key_id) = header.and_then(key_id_of) {
            let key_id = SigningKeyId(key_id.to_owned());
            cfg.interceptor_state().store_put(key_id);
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.response().is_some_and(refuses_credentials)
            && let Some(SigningKeyId(key_id)) = cfg.load::<SigningKeyId>()
        {
            self.forget(key_id);
        }
        Ok(())
    }
}

impl CredentialSources {
    /// Looks for credentials as if for the first time: whatever a file, a program or a cache of AWS tools says now.
    async fn search(&self) -> Result<Credentials, CredentialsError> {
        let config = ProviderConfig::without_region()
            .with_region(self.region.clone())
            .with_http_client(http_client::https(self.ca_bundle.as_ref()));
        let search = async {
            if let Some(profile) = &self.profile {
                return of_profile(profile, &config).provide_credentials().await;
            }
            let chain = DefaultCredentialsChain::builder()
                .configure(config)
                .region(self.region.clone());
            chain.build().await.provide_credentials().await
        };
        let found = tokio::time::timeout(PATIENCE, search).await;
        found.unwrap_or_else(|_| Err(CredentialsError::provider_timed_out(PATIENCE)))
    }
}

/// The chain without the environment's keys: a profile that is named comes before them, in the AWS CLI, too.
fn of_profile(profile: &str, config: &ProviderConfig) -> CredentialsProviderChain {
    let files = ProfileFileCredentialsProvider::builder().profile_name(profile);
    let web_identity = WebIdentityTokenCredentialsProvider::builder();
    let container = EcsCredentialsProvider::builder();
    let instance = ImdsCredentialsProvider::builder();
    CredentialsProviderChain::first_try("Profile", files.configure(config).build())
        .or_else("WebIdentityToken", web_identity.configure(config).build())
        .or_else("EcsContainer", container.configure(config).build())
        .or_else("Ec2InstanceMetadata", instance.configure(config).build())
}

fn other_account(found: &Identity, account: &str) -> Error {
    let other = &found.account;
    Error::new(
        "sign in",
        ErrorKind::OtherAccount,
        format!(
            "The credentials are now of account {other} ({}), and this session is account {account}'s: nothing was sent.",
            found.arn
        ),
        format!("Sign in to {account} again and refresh, or start cognitui again for {other}."),
    )
}

/// Whether these are the same keys, whatever else is known of them.
fn same(one: &Credentials, other: &Credentials) -> bool {
    one.access_key_id() == other.access_key_id()
        && one.secret_access_key() == other.secret_access_key()
        && one.session_token() == other.session_token()
}

fn expires(credentials: &Credentials, within: Duration) -> bool {
    let now = SystemTime::now();
    credentials.expiry().is_some_and(|at| at <= now + within)
}

/// When credentials end that nothing renews but a person, as far as it is known: keys of the environment, those of a program that
/// may want a person before it gives others, and what an SSO session gives. Other roles are assumed again by themselves.
async fn end_of(credentials: &Credentials, profile: Option<&str>) -> Option<Timestamp> {
    let features = credentials.get_property::<Vec<Feature>>();
    let has = |feature| features.is_some_and(|features| features.contains(&feature));
    if has(Feature::CredentialsEnvVars) {
        // Set by `aws configure export-credentials` and aws-vault; the SDK does not look at it.
        let end = std::env::var("AWS_CREDENTIAL_EXPIRATION").ok()?;
        let end = DateTime::from_str(end.trim(), Format::DateTimeWithOffset).ok()?;
        return Some(Timestamp::from_millis(end.to_millis().ok()?));
    }
    if has(Feature::CredentialsSso) || has(Feature::CredentialsProfileSso) {
        return sso_session::end(profile).await;
    }
    let of_program = has(Feature::CredentialsProcess) && !has(Feature::CredentialsStsAssumeRole);
    let end = credentials.expiry().filter(|_| of_program)?;
    Some(end.into())
}

/// Whether an answer refuses the credentials that a call was signed with, and not what was asked.
fn refuses_credentials(response: &HttpResponse) -> bool {
    let status = response.status().as_u16();
    let named = response.headers().get("x-amzn-errortype");
    let named = named.and_then(|name| name.split(':').next());
    let named = named.map(|name| name.rsplit('#').next().unwrap_or(name).to_owned());
    let code = || named.or_else(|| response.body().bytes().and_then(code_in));
    status >= 400 && code().is_some_and(|code| errors::refuses_credentials(&code))
}

/// The name of the error in an answer's body, in JSON or, as STS has it, in XML.
fn code_in(body: &[u8]) -> Option<String> {
    let in_xml = || {
        let text = std::str::from_utf8(body).ok()?;
        let (_, rest) = text.split_once("<Code>")?;
        Some(rest.split_once("</Code>")?.0.to_owned())
    };
    throttle::error_code(body).or_else(in_xml)
}

/// The id of the key in a header such as `AWS4-HMAC-SHA256 Credential=AKIA.../20261121/eu-west-1/...`.
fn key_id_of(header: &str) -> Option<&str> {
    let (_, rest) = header.split_once("Credential=")?;
    rest.split('/').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_found_in_json_and_in_xml() {
        for (body, code) in [
            (
                r#"{"__type":"ExpiredTokenException"}"#,
                Some("ExpiredTokenException"),
            ),
            (
                "<ErrorResponse><Error><Code>ExpiredToken</Code></Error></ErrorResponse>",
                Some("ExpiredToken"),
            ),
            ("<html>", None),
        ] {
            assert_eq!(code_in(body.as_bytes()).as_deref(), code, "{body}");
        }
    }

    #[test]
    fn keys_are_the_same_whatever_their_expiry() {
        let keys = |id, token: Option<&str>, end| {
            Credentials::new(id, "secret", token.map(str::to_owned), end, "test")
        };
        let soon = Some(SystemTime::now());
        assert!(same(&keys("a", None, None), &keys("a", None, soon)));
        assert!(!same(&keys("a", None, None), &keys("b", None, None)));
        assert!(!same(
            &keys("a", Some("1"), None),
            &keys("a", Some("2"), None)
        ));
    }
}
