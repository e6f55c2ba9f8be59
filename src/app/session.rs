//! The connection of this session, and its permissions.

use std::sync::Arc;

use crate::domain::doctor::Limits;
use crate::domain::guard::Rules;
use crate::domain::identity::{Caller, SignIn, Source};
use crate::domain::oauth::{endpoints, issuer};
use crate::domain::preset::PresetCatalog;
use crate::input::Action;

/// What this session is connected to, from the options and the configuration.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// The embedded Cognito answers.
    pub demo: bool,
    /// The profile whose credentials are used, where one is named.
    pub profile: Option<String>,
    /// What chose the credentials.
    pub source: Source,
    /// The program that logs in again, where a person can.
    pub sign_in: Option<SignIn>,
    /// What holds for which account.
    pub rules: Rules,
    /// The account that the credentials are of now, where it is not this session's: then nothing is sent.
    pub other_account: Option<String>,
    pub region: Option<String>,
    /// An endpoint other than AWS's own.
    pub endpoint: Option<String>,
    /// From where on something deserves a look, as configured.
    pub limits: Limits,
    /// Why nothing may be written to Cognito, where that is so.
    pub read_only: Option<String>,
    /// The profile is one that must not be taken for another: a red frame and a badge mark it.
    pub production: bool,
    /// What can be set up.
    pub presets: Arc<PresetCatalog>,
    /// Why the user's own presets are not among them.
    pub presets_error: Option<String>,
}

impl Session {
    /// Stores the presets. Presets that cannot be read matter only for a set-up.
    pub fn set_presets(&mut self, presets: Result<PresetCatalog, String>) {
        match presets {
            Ok(read) => self.presets = Arc::new(read),
            Err(error) => {
                self.presets = Arc::new(PresetCatalog::new(&[]));
                self.presets_error = Some(error);
            }
        }
    }

    /// Returns the caller of AWS, once known.
    #[must_use]
    pub fn caller(&self, account: Option<&str>) -> Caller {
        Caller {
            profile: self.profile.clone(),
            account: account.map(str::to_owned),
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            source: self.source,
        }
    }

    /// Returns why an action is refused on all screens: it writes, and the session is read-only.
    #[must_use]
    pub fn disabled_reason(&self, action: Action) -> Option<String> {
        self.read_only_reason().filter(|_| action.writes())
    }

    /// Returns why nothing may be written to AWS, if so.
    #[must_use]
    pub fn read_only_reason(&self) -> Option<String> {
        let reason = self.read_only.as_ref()?;
        Some(format!("Read-only: {reason}"))
    }

    /// Returns what counts as the issuer of a token in this session.
    #[must_use]
    pub fn issuers(&self) -> issuer::Rules<'_> {
        issuer::Rules {
            region: self.region.as_deref(),
            endpoint: self.endpoint.as_deref(),
            pin: None,
        }
    }

    /// Returns what to type before a write with a profile that is marked as production.
    #[must_use]
    pub fn profile_to_type(&self) -> Option<String> {
        self.production.then(|| self.rules.word().to_owned())
    }

    /// Returns whether tokens are free: the endpoint is on this machine.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.demo || self.endpoint.as_deref().is_some_and(endpoints::is_loopback)
    }
}
