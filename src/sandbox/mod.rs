//! The embedded Cognito: a real HTTP server on loopback that answers as AWS does, with state, faults and sample data.
//!
//! The console, the AWS CLI, any SDK and any OAuth client can be pointed at it. It shares no code with the rest of the
//! program, so that a mistake in one cannot hide in the other.
//!
//! # What is not known of AWS, and what happens here
//! Nobody outside can read the service; where the documentation and the write-ups of live calls are silent, this server does
//! the likeliest thing (for the OAuth side, see [`oauth`]):
//! - Deleting an unknown secret is `ResourceNotFoundException`, adding one to a client without any
//!   `InvalidParameterException`. The texts are ours.
//! - A client's `LastModifiedDate` moves when a secret is added or deleted.
//! - The texts of all `LimitExceededException`s, of bad ARNs, of tag limits, of two ACR levels with one name, of what Cognito manages
//!   itself, and the names of password history, ACR levels, registration and choice-based sign-in among the features that a tier lacks.
//! - `PublishSecretsInAWSSecretsManager` is refused where no secret is or was generated; true does nothing to a secret that is
//!   managed already, not even rotate it. Of two secrets, the newer is moved in, and works until the rotation after the first.
//!   Moved out, the secret that was current is the one that is described, and the one before it works on. A managed secret goes
//!   with its client and its pool. A rotation moves the client's `LastModifiedDate`.
//! - UpdateUserPoolClient checks every scope again, so a client that lists an inactive scope must drop it to be updated. An
//!   omitted name is kept.
//! - UpdateUserPool replaces everything, tier and deletion protection included. An omitted name is kept, and so is an omitted
//!   `DcrConfiguration`.
//! - A member that the service model does not have is refused with `SerializationException`. AWS ignores it; here it would be a setting
//!   that is lost without a word.
//! - `DcrConfiguration` is described with `EnableStatus` and `OpenDcrEnabled` always, with its lists where they were given, and not at
//!   all where it never was. The scopes in it need not exist.
//! - Secret operations on a client that registered itself are `InvalidParameterException`; the system scope on such a client, or on
//!   one without client_credentials, is `ScopeDoesNotExistException`.
//! - A pool is described with a key or an issuer configuration only where it was given one.
//! - MFA without SMS is refused at creation. An update turns it on no more, and SetUserPoolMfaConfig without `MfaConfiguration` leaves
//!   it as it is. No tier and no email settings are needed for a factor.
//! - DescribeUserPoolDomain of an unknown domain is an empty description, not an error.
//! - Domains are `ACTIVE` at once: the minutes and hours of waiting are not played. No DNS is asked for a custom domain's
//!   parent; one with fewer than three labels is refused.
//! - Lists are in the order of their keys; a list of clients without `MaxResults` has pages of 60, of resource servers 50.
//! - ListUserPoolReplicas of a pool without replicas lists the pool itself, as primary.
//! - The rates allow a burst of one second's worth; the operations on secrets have none, as the quotas page lists none.
//! - A pool has the identity providers that its clients use, and COGNITO.
//! - Two scopes of one name in one resource server are refused. The texts of `SerializationException` are approximate.
//! - A body of more than 2 MiB is `RequestEntityTooLargeException`, 413. The header that repeats an error's message is left out
//!   where the message is not ASCII or longer than 4 KiB.
//! - Prefix domains of a Region share one CloudFront distribution, whose name is made up.
//! - Nothing runs at the same time as anything else here, so ConcurrentModificationException never comes by itself.
//! - The value of a signature is never checked: any credentials will do. The text of the refusal of another Region has a second
//!   sentence, which is ours.
//! - AppSync has the list of its GraphQL APIs and no more. The texts of its refusals are ours.
//!
//! # What can be played both ways
//! The first word is the default; the [`assumptions`] are asked for by the second.
//! - `original-secret-stays`: DescribeUserPoolClient shows the original secret, and after its deletion the one that is left.
//!   `original-secret-lost`: after its deletion by hand it shows none, though ListUserPoolClientSecrets lists one.
//! - `original-secret-described`: of two secrets DescribeUserPoolClient shows the original. `newest-secret-described`: the one that
//!   was made last.
//! - `arn-described`: DescribeUserPoolClient has the `ClientSecretArn` of a managed secret, as Create and Update have.
//!   `arn-not-described`: it has neither that nor a secret.
//! - `arn-of-secrets-manager`: that ARN is like all of Secrets Manager, `...:secret:cognito-idp!POOL/CLIENT-XXXXXX`.
//!   `arn-of-the-model`: as the model's pattern spells it, `...:secret/cognito-idp/POOL/CLIENT-XXXXXX`.
//! - `previous-secret-stays`: after a managed rotation the secret before works until the next one. `previous-secret-ends`: it
//!   ends at once.
//! - `managed-secrets-by-rotation`: a client whose secret is managed takes no AddUserPoolClientSecret and no
//!   DeleteUserPoolClientSecret (`InvalidParameterException`). `managed-secrets-by-hand`: it takes them as any other.
//! - `third-secret-limit`: a third secret is `LimitExceededException`. `third-secret-invalid`: `InvalidParameterException`.
//! - `last-secret-invalid`: deleting the last secret is `InvalidParameterException`. `last-secret-limit`:
//!   `LimitExceededException`.
//! - `tags-stay`: UpdateUserPool without `UserPoolTags` keeps the tags. `tags-lost`: it takes them away.
//! - `rotation-not-described`: a client that never had `RefreshTokenRotation` set is described without it; one that had it once is
//!   described as `DISABLED`. `rotation-described`: every client is described with it.
//! - `pools-by-id`: ListUserPools is in the order of the ids. `pools-newest-first`: the pool that changed last comes first.
//! - `inactive-scope-refused`: a token request for inactive scopes alone is `invalid_scope`. `inactive-scope-ignored`: it gets a token
//!   without them.
//! - `other-scope-refused`: a request for a scope that is defined, but not one of the client's, is `invalid_grant`.
//!   `other-scope-ignored`: the scope is left out.
//! - `no-grant-type-invalid`: a token request without `grant_type` is `invalid_request`. `no-grant-type-unsupported`: it is
//!   `unsupported_grant_type`.
//! - `throttled-in-text`: 429 at the token endpoint has a line of text. `throttled-in-json`: it has JSON.
//! - `get-not-allowed`: GET on the token endpoint is 405. `get-not-found`: it is 404.
//! - `client-token-by-its-flow`: GetClientToken needs `ALLOW_CLIENT_TOKEN_AUTH`. `client-token-by-any-flow`: it does not.
//! - `missing-scope-forbidden`: the protected API answers a good token without the scope with 403. `missing-scope-unauthorized`: with
//!   401.

mod appsync;
pub mod assumptions;
mod auth;
pub mod errors;
pub mod faults;
mod guard;
pub mod ids;
pub mod keys;
pub mod oauth;
mod ops;
mod paging;
mod persist;
mod quota;
pub mod sample;
mod seal;
pub mod secrets_manager;
mod server;
pub mod shared;
pub mod state;
mod sts;
mod validate;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use self::assumptions::Assumptions;
use self::faults::{FaultControl, Faults};
use self::ops::managed;
use self::persist::StateFile;
use self::shared::Shared;
use self::state::State;

/// Changes within this time are written to the state file together.
const GATHER: Duration = Duration::from_millis(50);
/// How long [`Sandbox::stop`] waits for running requests.
const PATIENCE: Duration = Duration::from_secs(2);

/// The options of a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on loopback; 0 for any free one.
    pub port: u16,
    pub region: String,
    pub account: String,
    /// The state file: JSON, readable only by its owner, its secrets encrypted with the key in `<file>.key`.
    pub state_file: Option<PathBuf>,
    /// Whether to fill an empty state with the sample data.
    pub sample: bool,
    /// Makes ids and secrets the same in each run; without a seed, secrets come from the system's generator.
    pub seed: Option<u64>,
    pub faults: Faults,
    /// Whether to throttle by AWS's default rates.
    pub enforce_rates: bool,
    /// The behaviour where that of AWS is not proven.
    pub assumptions: Assumptions,
    /// Rotates managed secrets at this interval, instead of by their own rules (every 7 days).
    pub managed_rotation_every: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            region: "eu-west-1".to_owned(),
            account: "123456789012".to_owned(),
            state_file: None,
            sample: false,
            seed: None,
            faults: Faults::default(),
            enforce_rates: false,
            assumptions: Assumptions::default(),
            managed_rotation_every: None,
        }
    }
}

/// A running server. Dropping it stops it and writes the state file.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    file: Option<Arc<StateFile>>,
    saver: Option<JoinHandle<()>>,
    server: JoinHandle<io::Result<()>>,
    shutdown: Option<oneshot::Sender<()>>,
}

impl Sandbox {
    /// Starts a server; it accepts requests when this returns.
    ///
    /// # Errors
    /// An invalid Region; a port in use; a state file that cannot be read or written, that another server uses, or that is not a
    /// state. Such a file stays unchanged.
    pub async fn start(options: Options) -> io::Result<Self> {
        check_region(&options.region)?;
        let (file, kept) = match &options.state_file {
            Some(path) => {
                let (file, kept) = StateFile::open(path)?;
                if let Some(kept) = &kept {
                    check_pools(kept, &options.region, path)?;
                }
                (Some(Arc::new(file)), kept)
            }
            None => (None, None),
        };
        let mut state = kept.unwrap_or_default();
        if options.sample && state.pools.is_empty() && state.domains.is_empty() {
            state = sample::load(
                &options.region,
                &options.account,
                &options.assumptions,
                SystemTime::now(),
            )?;
        }
        let shared =
            Shared::new(&options, state).map_err(|error| io::Error::other(error.message))?;
        let shared = Arc::new(shared);
        managed::hurry(&shared);

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        if let Some(file) = &file {
            // A file that cannot be written is an error now, not when there is something to lose.
            file.write(|| shared.lock().clone())?;
        }
        let (shutdown, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, server::router(Arc::clone(&shared)))
            // A dropped sender stops the server, too.
            .with_graceful_shutdown(async { stopped.await.unwrap_or_default() });
        let saver = file
            .clone()
            .map(|file| tokio::spawn(save_changes(Arc::clone(&shared), file)));
        Ok(Self {
            address,
            shared,
            file,
            saver,
            server: tokio::spawn(serving.into_future()),
            shutdown: Some(shutdown),
        })
    }

    /// Returns the server's URL, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the requested faults, to read or change them.
    pub fn faults(&self) -> &FaultControl {
        &self.shared.faults
    }

    /// Returns a copy of the current state.
    pub fn state(&self) -> State {
        self.shared.lock().clone()
    }

    /// Changes the state directly, without the API's rules.
    pub fn edit(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.shared.lock());
        self.shared.touch();
    }

    /// Moves the clock forward. What becomes due happens before the next request is answered.
    pub fn advance(&self, by: Duration) {
        self.shared.advance(by);
    }

    /// Returns the called operations in order; the first 10,000 of them.
    pub fn calls(&self) -> Vec<String> {
        self.shared.calls()
    }

    /// Stops the server: finishes running requests, within two seconds, and writes the state file.
    ///
    /// # Errors
    /// The state file could not be written.
    pub async fn stop(mut self) -> io::Result<()> {
        self.shutdown = None;
        if tokio::time::timeout(PATIENCE, &mut self.server)
            .await
            .is_err()
        {
            self.server.abort();
        }
        self.flush()
    }

    /// Writes the state file one last time, unless already done.
    fn flush(&mut self) -> io::Result<()> {
        if let Some(saver) = self.saver.take() {
            saver.abort();
        }
        match self.file.take() {
            Some(file) => {
                let written = file.write(|| self.shared.lock().clone());
                file.let_go();
                written
            }
            None => Ok(()),
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Err(error) = self.flush() {
            tracing::error!("{error}");
        }
    }
}

/// Checks the Region: it is part of ids, host names and ARNs, so it may contain only their characters.
fn check_region(region: &str) -> io::Result<()> {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !region.is_empty() && region.chars().all(known) {
        return Ok(());
    }
    let text = format!("`{region}` is not a Region; write one like eu-west-1");
    Err(io::Error::new(io::ErrorKind::InvalidInput, text))
}

/// Checks the Region of stored pools: their ids, issuers and host names contain it, and in another Region their tokens would name a wrong
/// issuer.
fn check_pools(kept: &State, region: &str, path: &Path) -> io::Result<()> {
    let elsewhere = kept.pools.keys().find_map(|id| {
        let (of, _) = id.rsplit_once('_')?;
        (of != region).then_some(of)
    });
    let Some(elsewhere) = elsewhere else {
        return Ok(());
    };
    let text = format!(
        "state file {}: its pools are in {elsewhere}, and {region} was asked for: start with --region {elsewhere}",
        path.display()
    );
    Err(io::Error::new(io::ErrorKind::InvalidInput, text))
}

async fn save_changes(shared: Arc<Shared>, file: Arc<StateFile>) {
    loop {
        shared.changed.notified().await;
        tokio::time::sleep(GATHER).await;
        let (shared, file) = (Arc::clone(&shared), Arc::clone(&file));
        let write = move || file.write(|| shared.lock().clone());
        if let Ok(Err(error)) = tokio::task::spawn_blocking(write).await {
            tracing::error!("{error}");
        }
    }
}
