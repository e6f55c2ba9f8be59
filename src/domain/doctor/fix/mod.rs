//! How the console fixes a finding: the fixes, which of them suit, and the plan of each.

mod client;
mod plans;

use super::grants::is_sign_in;
use super::{Finding, Subject};
use crate::domain::client::{
    AppClient, CLIENT_TOKEN_FLOW, ClientSettings, ClientSummary, OAuthFlow, TimeUnit, Validity,
};
use crate::domain::plan::{self, Plan, Target};
use crate::domain::pool::{Domain, UserPool};
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::rotation::unmovable;
use crate::domain::scope::ScopeName;
use crate::domain::scope_meant::misspelt;
use crate::domain::secret::ListedSecrets;

pub use client::{ClientFix, fix_client, fixed};

/// Makes [`Fix`] of its rows: a variant, its word for scripts, what a user chooses by, what carries it out.
macro_rules! fixes {
    ($($fix:ident $label:literal $words:literal $by:ident;)+) => {
        /// One way to fix a finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fix { $(#[doc = $words] $fix,)+ }

        impl Fix {
            /// Its word for scripts, which never changes.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$fix => $label,)+ }
            }

            /// What it does, for a user to choose by.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$fix => $words,)+ }
            }

            /// What carries it out.
            #[must_use]
            pub const fn by(self) -> FixedBy {
                match self { $(Self::$fix => FixedBy::$by,)+ }
            }
        }
    };
}

fixes! {
    OAuthOn          "oauth-on"            "Turn OAuth on"                                  Plan;
    OAuthOff         "oauth-off"           "Turn OAuth off"                                 Plan;
    PruneScopes      "prune-scopes"        "Remove undefined scopes from the client"        Plan;
    DefineScopes     "define-scopes"       "Define the scopes on their resource servers"    Plan;
    DropSignInScopes "drop-sign-in-scopes" "Remove sign-in scopes from the client"          Plan;
    ForPeople        "for-people"          "Add the scope openid, for user sign-in"         Plan;
    MachineFlow      "machine-flow"        "Allow client_credentials alone"                 Plan;
    Split            "split"               "Create a separate M2M client"                   Plan;
    DropSignInFlows  "drop-sign-in-flows"  "Remove sign-in flows from the client"           Plan;
    ClientToken      "client-token"        "Allow GetClientToken, which needs no domain"    Plan;
    NoClientToken    "no-client-token"     "Remove ALLOW_CLIENT_TOKEN_AUTH from the client" Plan;
    DropUrls         "drop-urls"           "Remove the URLs from the client"                Plan;
    HourTokens       "hour-tokens"         "Set the access token lifetime to 1 hour"        Plan;
    Protect          "protect"             "Turn deletion protection on"                    Plan;
    RemakeDomain     "remake-domain"       "Delete and recreate the domain"                 Plan;
    DeleteScope      "delete-scope"        "Delete the scope from its resource server"      Plan;
    DeleteClient     "delete-client"       "Delete this client"                             Plan;
    AddDomain        "add-domain"          "Add a domain to the pool"                       DomainForm;
    ChooseScopes     "choose-scopes"       "Choose the client's scopes"                     ClientForm;
    Rename           "rename"              "Rename this client"                             ClientForm;
    Rotate           "rotate"              "Rotate the secret"                              Rotation;
    MoveSecret       "move-secret"         "Move the secret into AWS Secrets Manager"       Plan;
}

/// What carries a [`Fix`] out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixedBy {
    /// A [`plan`], see [`plan_fix`].
    Plan,
    /// The form for a new domain.
    DomainForm,
    /// The form for the client's settings.
    ClientForm,
    /// The steps of a rotation.
    Rotation,
}

/// What fixes the findings of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixOptions {
    /// The console, in one of these ways. Not each suits each finding.
    Here(&'static [Fix]),
    /// Something else: a sentence that says what.
    Elsewhere(&'static str),
}

impl FixOptions {
    /// The fixes that the console has.
    #[must_use]
    pub const fn options(self) -> &'static [Fix] {
        match self {
            Self::Here(fixes) => fixes,
            Self::Elsewhere(_) => &[],
        }
    }
}

impl Fix {
    /// Whether it can remove several findings of a rule at once: it changes what they share, or each in a way that can be undone.
    #[must_use]
    pub const fn is_for_several(self) -> bool {
        match self.by() {
            FixedBy::DomainForm => true,
            FixedBy::Plan => !matches!(self, Self::RemakeDomain | Self::DeleteClient),
            FixedBy::ClientForm | FixedBy::Rotation => false,
        }
    }

    /// Whether it can fix this finding, judged by what is `seen`.
    #[must_use]
    pub fn suits(self, finding: &Finding, seen: &FixContext) -> bool {
        match self {
            // A domain in creation needs only time, and one in deletion cannot be deleted again. A new domain lacks settings that
            // creation does not take here.
            Self::RemakeDomain => seen.domain(finding).is_some_and(|domain| {
                let busy = matches!(domain.status.as_deref(), Some("CREATING" | "DELETING"));
                !busy
                    && (!domain.custom || domain.certificate_arn.is_some())
                    && domain.security_policy.is_none()
                    && domain.failover.is_none()
                    && domain.other.is_empty()
            }),
            Self::NoClientToken => seen.pool.has_domain(),
            _ => match (self.by(), &finding.subject) {
                (FixedBy::Plan, Subject::Client { .. }) => seen
                    .client
                    .is_some_and(|client| self.suits_client(client, seen)),
                _ => true,
            },
        }
    }

    /// Changes the settings of a client; `None` if the fix is not a change of these.
    fn change(self, after: &mut ClientSettings, servers: &[ResourceServer]) -> Option<()> {
        match self {
            Self::OAuthOn => after.oauth_enabled = true,
            Self::OAuthOff => after.oauth_enabled = false,
            Self::PruneScopes => {
                after.scopes = defined(&after.scopes, servers);
                // Cognito accepts OAuth only with scopes.
                after.oauth_enabled &= !after.scopes.is_empty();
            }
            Self::DropSignInScopes => {
                after.scopes.retain(ScopeName::is_for_machines);
                after.oauth_enabled &= !after.scopes.is_empty();
            }
            Self::ForPeople => after.scopes.push(ScopeName::new("openid")),
            Self::MachineFlow => after.flows = vec![OAuthFlow::ClientCredentials],
            Self::DropSignInFlows => drop_flows(after, is_sign_in),
            Self::ClientToken => after.explicit_auth_flows = vec![CLIENT_TOKEN_FLOW.to_owned()],
            Self::NoClientToken => drop_flows(after, |flow| flow == CLIENT_TOKEN_FLOW),
            Self::DropUrls => {
                after.callback_urls.clear();
                after.logout_urls.clear();
                after.default_redirect_uri = None;
            }
            Self::HourTokens => {
                after.access_token = Validity {
                    value: 60,
                    unit: TimeUnit::Minutes,
                };
            }
            Self::Split
            | Self::DefineScopes
            | Self::Protect
            | Self::RemakeDomain
            | Self::DeleteScope
            | Self::DeleteClient
            | Self::AddDomain
            | Self::ChooseScopes
            | Self::Rename
            | Self::Rotate
            | Self::MoveSecret => return None,
        }
        Some(())
    }

    fn suits_client(self, client: &AppClient, seen: &FixContext) -> bool {
        let servers = seen.servers;
        let settings = &client.settings;
        match self {
            Self::MachineFlow | Self::Split => {
                let custom = settings.scopes.iter().any(ScopeName::is_for_machines);
                let people = self == Self::Split;
                // Cognito refuses the flow to a public client. An unknown secret does not prevent it.
                let public = client.secret_state(seen.secrets).is_public();
                !public && custom && (!people || takes_people(settings))
            }
            Self::ForPeople => takes_people(settings),
            Self::MoveSecret => unmovable(client, seen.secrets).is_none(),
            // A misspelt scope was never defined: it is corrected instead.
            Self::DefineScopes => {
                let mut gone = plans::inactive(&settings.scopes, servers);
                gone.all(|scope| misspelt(scope, servers).is_none())
            }
            _ => true,
        }
    }
}

/// What a fix is planned from. Lists are complete.
#[derive(Clone, Copy, Debug)]
pub struct FixContext<'a> {
    pub pool: &'a UserPool,
    pub domains: &'a [Domain],
    pub servers: &'a [ResourceServer],
    /// The client that the finding is about, with all its settings.
    pub client: Option<&'a AppClient>,
    /// What is known of its secrets.
    pub secrets: ListedSecrets<'a>,
}

impl<'a> FixContext<'a> {
    /// The domain that the finding is about.
    fn domain(&self, finding: &Finding) -> Option<&'a Domain> {
        let Subject::Domain(name) = &finding.subject else {
            return None;
        };
        self.domains.iter().find(|domain| domain.name == *name)
    }

    /// The plan of a change to the client's settings.
    fn edit(&self, change: impl FnOnce(&mut ClientSettings)) -> Option<Plan> {
        let client = self.client?;
        let mut after = client.settings.clone();
        change(&mut after);
        let target = Target::from(self.pool);
        Some(plan::edit_client(target, client, &after, self.servers))
    }
}

/// The fixes that suit a finding.
#[must_use]
pub fn fixes_for(finding: &Finding, seen: &FixContext) -> Vec<Fix> {
    let fixes = finding.rule.fixes.options().iter().copied();
    fixes.filter(|fix| fix.suits(finding, seen)).collect()
}

/// The plan of a fix; `None` if something else carries it out, or if it does not suit the finding.
#[must_use]
pub fn plan_fix(fix: Fix, finding: &Finding, seen: &FixContext) -> Option<Plan> {
    if !fix.suits(finding, seen) {
        return None;
    }
    match fix {
        Fix::AddDomain | Fix::ChooseScopes | Fix::Rename | Fix::Rotate => None,
        Fix::Split => {
            let machine = |flow: &OAuthFlow| *flow == OAuthFlow::ClientCredentials;
            let mut plan = seen.edit(|after| after.flows.retain(|flow| !machine(flow)))?;
            plan.steps.insert(0, plans::machine_of(seen.client?));
            Some(plan)
        }
        Fix::Protect => Some(plan::protect(seen.pool, true)),
        Fix::RemakeDomain => Some(plans::recreate_domain(seen.domain(finding)?, seen.pool)),
        Fix::DefineScopes => Some(plans::define_scopes(seen.client?, seen)),
        Fix::DeleteScope => match &finding.subject {
            Subject::Scope(scope) => plans::delete_scope(scope, seen),
            _ => None,
        },
        Fix::MoveSecret => {
            let count = match seen.secrets {
                ListedSecrets::Read(secrets) => Some(secrets.len()),
                ListedSecrets::NotRead | ListedSecrets::Unreadable { .. } => None,
            };
            let target = Target::from(seen.pool);
            Some(plan::move_secret(target, seen.client?, true, count))
        }
        Fix::DeleteClient => {
            let client = seen.client?;
            let summary = ClientSummary {
                id: client.id.clone(),
                name: client.settings.name.clone(),
            };
            Some(plan::delete_client(Target::from(seen.pool), &summary))
        }
        setting => {
            let mut after = seen.client?.settings.clone();
            setting.change(&mut after, seen.servers)?;
            seen.edit(|settings| *settings = after)
        }
    }
}

/// Whether user sign-in has a URL to return to.
fn takes_people(settings: &ClientSettings) -> bool {
    let flows = settings.flows.iter();
    let signs_in = |flow: &OAuthFlow| *flow != OAuthFlow::ClientCredentials;
    !settings.callback_urls.is_empty() || !flows.into_iter().any(signs_in)
}

/// Removes explicit flows. An empty list means the default, which allows sign-in.
fn drop_flows(settings: &mut ClientSettings, is_dropped: impl Fn(&str) -> bool) {
    settings
        .explicit_auth_flows
        .retain(|flow| !is_dropped(flow));
    if settings.explicit_auth_flows.is_empty() {
        settings.explicit_auth_flows = vec!["ALLOW_REFRESH_TOKEN_AUTH".to_owned()];
    }
}

/// The defined scopes; a misspelt one is corrected, another that is not defined is dropped.
fn defined(listed: &[ScopeName], servers: &[ResourceServer]) -> Vec<ScopeName> {
    let mut kept: Vec<ScopeName> = Vec::new();
    for scope in listed {
        let right = match ScopeState::of(scope, servers) {
            ScopeState::Inactive => misspelt(scope, servers),
            ScopeState::Active | ScopeState::OpenId | ScopeState::System => Some(scope.clone()),
        };
        if let Some(scope) = right.filter(|scope| !kept.contains(scope)) {
            kept.push(scope);
        }
    }
    kept
}
