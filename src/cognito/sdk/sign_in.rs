//! The credentials that sign calls: loaded with the first call, cached while they work, and loaded again from all sources when they
//! fail. New credentials are used only after STS confirms the same account.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_cognitoidentityprovider::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use secrecy::SecretString;

use super::throttle::{self, ConnectionEvent, ConnectionEvents};
use crate::cognito::api::reads::{self, Identity};
use crate::cognito::error::{CodeRequest, Error, ErrorKind};
use crate::cognito::sdk::errors::{self, ConnectionInfo};
use crate::cognito::sdk::login::{Found, LoginSources};
use crate::domain::time::Timestamp;

/// The timeout of STS.
const PATIENCE: Duration = Duration::from_secs(5);
/// The next call renews credentials that expire within this time, if possible.
const EARLY: Duration = Duration::from_mins(5);
/// Credentials that expire within this time are not used.
const LATE: Duration = Duration::from_secs(10);
/// The pause after a failed renewal, while the current credentials still work.
const PAUSE: Duration = Duration::from_secs(10);

/// A change of the credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInEvent {
    /// Credentials were found. They expire at this time, if known and not renewed automatically.
    Found(Option<Timestamp>),
    /// Working credentials are back. The identity is `None` if STS did not respond.
    Renewed(Option<Identity>),
    /// The new credentials are of another account, and are not used.
    OtherAccount {
        /// The caller of the new credentials.
        found: Identity,
        /// The previous account.
        account: String,
    },
    /// The login needs a code of an MFA device.
    CodeNeeded(CodeRequest),
}

/// Provides credentials to every client of a connection, and checks from responses whether they work. Clones share them.
#[derive(Clone)]
pub struct CredentialSession {
    inner: Arc<Inner>,
}

struct Inner {
    sources: LoginSources,
    /// Calls STS to identify credentials.
    sts: aws_sdk_sts::config::Builder,
    origin: ConnectionInfo,
    signals: ConnectionEvents,
    state: Mutex<State>,
    /// One search at a time, for all waiting calls.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    held: Option<Credentials>,
    /// The credentials used last.
    last: Option<Credentials>,
    /// AWS rejected the last ones, or there were none.
    lost: bool,
    /// The account of this connection, once known from STS.
    account: Option<String>,
    /// When a person must renew the credentials, if known.
    end: Option<Timestamp>,
    /// The id of the key that AWS rejected: a cache may still hold it.
    rejected: Option<String>,
    /// The time of the last early renewal.
    sought: Option<Instant>,
}

/// The id of the key that signed a call. Another may be in use when the response arrives.
#[derive(Debug)]
struct SigningKeyId(String);

impl Storable for SigningKeyId {
    type Storer = StoreReplace<Self>;
}

impl CredentialSession {
    pub fn new(
        sources: LoginSources,
        sts: aws_sdk_sts::config::Builder,
        origin: ConnectionInfo,
        signals: ConnectionEvents,
    ) -> Self {
        let inner = Inner {
            sources,
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

    /// The account that this connection is fixed to, once STS has named it.
    pub fn account(&self) -> Option<String> {
        self.state().account.clone()
    }

    /// Fixes this connection to `account`, unless the key has changed from `before` since the call to STS.
    pub fn settle(&self, account: &str, before: Option<&str>) {
        let now = self.key_id();
        if before.is_none() || before == now.as_deref() {
            self.state().account = Some(account.to_owned());
        }
    }

    /// Allows an early renewal at once.
    pub fn renew(&self) {
        self.state().sought = None;
    }

    /// Drops the credentials if these were rejected.
    fn forget(&self, key_id: &str) {
        let mut state = self.state();
        let held = state.held.as_ref();
        if held.is_some_and(|held| held.access_key_id() == key_id) {
            state.held = None;
            state.lost = true;
            state.rejected = Some(key_id.to_owned());
        }
    }

    /// How the credentials come about, and when those in use end.
    ///
    /// # Errors
    /// The settings of the login are wrong.
    pub async fn login(&self) -> Result<(String, Option<Timestamp>), Error> {
        let words = self.inner.sources.words().await?;
        Ok((words, self.state().end))
    }

    /// Loads the credentials, with a code of an MFA device.
    ///
    /// # Errors
    /// The code is refused, or another part of the login fails.
    pub async fn give_code(&self, code: &SecretString) -> Result<(), Error> {
        let _turn = self.inner.turn.lock().await;
        let found = self.search(Some(code)).await?;
        self.accept(found).await.map(drop)
    }

    async fn search(&self, code: Option<&SecretString>) -> Result<Found, Error> {
        let rejected = self.state().rejected.clone();
        let inner = &self.inner;
        let found = inner
            .sources
            .search(&inner.origin, rejected.as_deref(), code);
        found.await
    }

    /// The credentials in use, loaded if there are none.
    pub async fn credentials(&self) -> Result<Credentials, Error> {
        if let Some(held) = self.current() {
            return Ok(held);
        }
        let _turn = self.inner.turn.lock().await;
        // Another call may have loaded credentials meanwhile.
        if let Some(held) = self.current() {
            return Ok(held);
        }
        {
            let mut state = self.state();
            // The search that found these must not delay the next one.
            state.sought = state.held.is_some().then(Instant::now);
        }
        let found = match self.search(None).await {
            Ok(found) => self.accept(found).await,
            Err(error) => Err(error),
        };
        found.or_else(|error| {
            let working = {
                let mut state = self.state();
                let working = state.held.clone().filter(|held| !expires(held, LATE));
                if working.is_none() {
                    state.held = None;
                    state.lost = true;
                }
                working
            };
            working.ok_or_else(|| {
                if let ErrorKind::CodeNeeded(request) = &error.kind {
                    self.signal(SignInEvent::CodeNeeded(request.as_ref().clone()));
                }
                error
            })
        })
    }

    /// The cached credentials, unless they must be renewed.
    fn current(&self) -> Option<Credentials> {
        let state = self.state();
        let paused = state.sought.is_some_and(|at| at.elapsed() < PAUSE);
        let time = if paused { LATE } else { EARLY };
        state.held.clone().filter(|held| !expires(held, time))
    }

    /// Uses new credentials after checking that the account is the same.
    async fn accept(&self, found: Found) -> Result<Credentials, Error> {
        let Found {
            credentials: found,
            end,
        } = found;
        let (is_new, lost, account) = {
            let state = self.state();
            let is_new = !state.last.as_ref().is_some_and(|last| same(last, &found));
            (is_new, state.lost, state.account.clone())
        };
        let mut who = None;
        if is_new && (lost || account.is_some()) {
            match self.whose(&found).await {
                Ok(identity) => who = Some(identity),
                // Without a known account there is nothing to compare.
                Err(error) if account.is_none() && !error.is_about_credentials() => {}
                Err(error) => return Err(error),
            }
        }
        if let (Some(found), Some(account)) = (&who, &account)
            && found.account != *account
        {
            self.signal(SignInEvent::OtherAccount {
                found: found.clone(),
                account: account.clone(),
            });
            return Err(other_account(found, account));
        }
        self.store(&found, is_new, who.as_ref());
        self.state().end = end;
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
        // The waiting call has its own timeout.
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
        future::ProvideCredentials::new(async {
            // The call's error is this one.
            let found = self.credentials().await;
            found.map_err(CredentialsError::provider_error)
        })
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

fn other_account(found: &Identity, account: &str) -> Error {
    let other = &found.account;
    Error::new(
        "sign in",
        ErrorKind::OtherAccount,
        format!(
            "The credentials are now of account {other} ({}), but this session is of account {account}. Nothing was sent.",
            found.arn
        ),
        format!("Sign in to {account} and refresh, or restart cognitui for {other}."),
    )
}

/// Whether the keys are equal, ignoring their expiry.
fn same(one: &Credentials, other: &Credentials) -> bool {
    one.access_key_id() == other.access_key_id()
        && one.secret_access_key() == other.secret_access_key()
        && one.session_token() == other.session_token()
}

fn expires(credentials: &Credentials, within: Duration) -> bool {
    let now = SystemTime::now();
    credentials.expiry().is_some_and(|at| at <= now + within)
}

/// Whether a response rejects the credentials that signed the call.
fn refuses_credentials(response: &HttpResponse) -> bool {
    let status = response.status().as_u16();
    let named = response.headers().get("x-amzn-errortype");
    let named = named.and_then(|name| name.split(':').next());
    let named = named.map(|name| name.rsplit('#').next().unwrap_or(name).to_owned());
    let code = || named.or_else(|| response.body().bytes().and_then(code_in));
    status >= 400 && code().is_some_and(|code| errors::refuses_credentials(&code))
}

/// The error code in a body, in JSON or in STS's XML.
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
