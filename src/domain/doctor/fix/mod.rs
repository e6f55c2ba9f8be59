//! What the console can change about a finding: the ways there are, the plan of each, and why there is none where there is none.

mod plans;

use super::grants::is_sign_in;
use super::{Finding, Subject, scopes};
use crate::domain::client::{
    AppClient, CLIENT_TOKEN_FLOW, ClientSettings, ClientSummary, OAuthFlow, TimeUnit, Validity,
};
use crate::domain::plan::{self, Plan, Target};
use crate::domain::pool::{Domain, UserPool};
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::rotation::unmovable;
use crate::domain::scope::ScopeName;
use crate::domain::secret::ListedSecrets;

/// One way to mend a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fix {
    /// `AllowedOAuthFlowsUserPoolClient` on.
    OAuthOn,
    /// The same off, on a client that no flow is allowed for.
    OAuthOff,
    /// Scopes that are not defined go, or give way to the one that was meant.
    PruneScopes,
    /// Scopes that are not defined are defined again.
    DefineScopes,
    /// The scopes of sign-in go.
    DropSignInScopes,
    /// The scope `openid` comes: it is an app for people.
    ForPeople,
    /// `AllowedOAuthFlows` becomes `client_credentials` alone.
    MachineFlow,
    /// `client_credentials` goes to a client of its own.
    Split,
    /// The explicit flows of sign-in go.
    DropSignInFlows,
    /// `ExplicitAuthFlows` becomes `ALLOW_CLIENT_TOKEN_AUTH` alone.
    ClientToken,
    /// `ALLOW_CLIENT_TOKEN_AUTH` goes.
    NoClientToken,
    /// Callback and logout URLs go.
    DropUrls,
    /// `AccessTokenValidity` becomes an hour.
    HourTokens,
    /// `DeletionProtection` on.
    Protect,
    /// The domain is deleted and made again.
    RemakeDomain,
    /// The scope is deleted.
    DeleteScope,
    /// The app client is deleted.
    DeleteClient,
    /// The pool gets a domain, whose name somebody has to choose.
    AddDomain,
    /// The client gets other scopes, which somebody has to choose.
    ChooseScopes,
    /// The client gets another name, which somebody has to choose.
    Rename,
    /// The client's secret is rotated.
    Rotate,
    /// The client's secret goes to AWS Secrets Manager.
    MoveSecret,
}

/// Who carries a [`Fix`] out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixedBy {
    /// A [`plan`], see [`plan_fix`].
    Plan,
    /// The form for a new domain.
    DomainForm,
    /// The form for the client's settings.
    ClientForm,
    /// The walk through a rotation.
    Rotation,
}

/// What is to be done about the findings of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixOptions {
    /// In the console, in one of these ways. Not each is there for each finding.
    Here(&'static [Fix]),
    /// Elsewhere: why the console does not.
    Elsewhere(&'static str),
}

impl FixOptions {
    /// What mends the findings of a rule.
    #[must_use]
    pub fn of(rule: &str) -> Self {
        use Fix::{
            AddDomain, ChooseScopes, ClientToken, DefineScopes, DeleteClient, DeleteScope,
            DropSignInFlows, DropSignInScopes, DropUrls, ForPeople, HourTokens, MachineFlow,
            MoveSecret, NoClientToken, OAuthOff, OAuthOn, Protect, PruneScopes, RemakeDomain,
            Rename, Rotate, Split,
        };
        Self::Here(match rule {
            "oauth-off" => &[OAuthOn],
            "no-token-source" => &[AddDomain, ClientToken],
            "mixed-flows" => &[Split, MachineFlow],
            "oauth-without-flows" => &[MachineFlow, OAuthOff],
            "no-scopes" | "whole-server" => &[ChooseScopes],
            "sign-in-scopes" => &[DropSignInScopes],
            "inactive-scopes" => &[PruneScopes, DefineScopes],
            "domain-not-active" => &[RemakeDomain],
            "public-machine" => &[ForPeople],
            "machine-without-flow" => &[MachineFlow],
            "client-token-not-alone" => &[ClientToken, NoClientToken],
            "sign-in-flows" | "sign-in-flows-by-default" => &[DropSignInFlows],
            "secret-old" => &[Rotate, MoveSecret],
            "rotation-unfinished" => &[Rotate],
            "token-short" | "token-long" => &[HourTokens],
            "namesakes" => &[Rename, DeleteClient],
            "deletion-unprotected" => &[Protect],
            "callback-urls" => &[DropUrls],
            "unused-scope" => &[DeleteScope],
            "machine-without-secret" => {
                return Self::Elsewhere(
                    "A secret can't be added: create another client (n), move the programs to it, then delete this one",
                );
            }
            "dcr-open-machines" | "dcr-open" | "dcr-quota" => {
                return Self::Elsewhere(
                    "Dynamic client registration is changed in AWS's console: here an edit never touches DcrConfiguration",
                );
            }
            "managed-rotation-off" | "managed-rotation-overdue" => {
                return Self::Elsewhere(
                    "The schedule is kept in Secrets Manager and changed there; R on the client rotates the secret now",
                );
            }
            "secret-not-shown" => {
                return Self::Elsewhere(
                    "Nothing is wrong while the programs have its value. If the value is lost, R on the client adds another",
                );
            }
            "domain-without-record" => {
                return Self::Elsewhere(
                    "The DNS is not Cognito's: the record is made where the zone of the domain is kept",
                );
            }
            "trigger-not-in-plan" => {
                return Self::Elsewhere(
                    "The pool's plan has a price, and the function its author: both are changed in AWS's console or in your templates",
                );
            }
            "trigger-never-fires" => {
                return Self::Elsewhere(
                    "The function must take the other event first: it is changed with its code, not here",
                );
            }
            "trigger-changes-scopes" => {
                return Self::Elsewhere(
                    "It may be meant so: what the function does is in its code, not in Cognito",
                );
            }
            _ => return Self::Elsewhere("Nobody has said how"),
        })
    }

    /// The ways there are in the console.
    #[must_use]
    pub const fn options(self) -> &'static [Fix] {
        match self {
            Self::Here(ways) => ways,
            Self::Elsewhere(_) => &[],
        }
    }
}

impl Fix {
    /// Its word for scripts, which never changes.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::OAuthOn => "oauth-on",
            Self::OAuthOff => "oauth-off",
            Self::PruneScopes => "prune-scopes",
            Self::DefineScopes => "define-scopes",
            Self::DropSignInScopes => "drop-sign-in-scopes",
            Self::ForPeople => "for-people",
            Self::MachineFlow => "machine-flow",
            Self::Split => "split",
            Self::DropSignInFlows => "drop-sign-in-flows",
            Self::ClientToken => "client-token",
            Self::NoClientToken => "no-client-token",
            Self::DropUrls => "drop-urls",
            Self::HourTokens => "hour-tokens",
            Self::Protect => "protect",
            Self::RemakeDomain => "remake-domain",
            Self::DeleteScope => "delete-scope",
            Self::DeleteClient => "delete-client",
            Self::AddDomain => "add-domain",
            Self::ChooseScopes => "choose-scopes",
            Self::Rename => "rename",
            Self::Rotate => "rotate",
            Self::MoveSecret => "move-secret",
        }
    }

    /// What it does, for people to choose by.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::OAuthOn => "Switch its OAuth on",
            Self::OAuthOff => "Switch its OAuth off",
            Self::PruneScopes => "Take what is not defined off the client",
            Self::DefineScopes => "Define the scopes again on their resource servers",
            Self::DropSignInScopes => "Take the sign-in scopes off the client",
            Self::ForPeople => "It is an app for people: give it the scope openid",
            Self::MachineFlow => "Make it a machine's: client_credentials alone",
            Self::Split => "Make a client of its own for the machine",
            Self::DropSignInFlows => "Take the sign-in flows off the client",
            Self::ClientToken => "Allow it GetClientToken, which needs no domain",
            Self::NoClientToken => "Take ALLOW_CLIENT_TOKEN_AUTH off the client",
            Self::DropUrls => "Take the URLs off the client",
            Self::HourTokens => "Let its tokens live an hour",
            Self::Protect => "Protect the pool against deletion",
            Self::RemakeDomain => "Delete the domain and make it again",
            Self::DeleteScope => "Delete the scope from its resource server",
            Self::DeleteClient => "Delete this client",
            Self::AddDomain => "Add a domain to the pool",
            Self::ChooseScopes => "Choose its scopes",
            Self::Rename => "Give this client another name",
            Self::Rotate => "Rotate its secret",
            Self::MoveSecret => "Move its secret into AWS Secrets Manager",
        }
    }

    /// Who carries it out.
    #[must_use]
    pub const fn by(self) -> FixedBy {
        match self {
            Self::AddDomain => FixedBy::DomainForm,
            Self::ChooseScopes | Self::Rename => FixedBy::ClientForm,
            Self::Rotate => FixedBy::Rotation,
            _ => FixedBy::Plan,
        }
    }

    /// Whether it is a way out of this finding, going by what is `seen`.
    #[must_use]
    pub fn suits(self, finding: &Finding, seen: &FixContext) -> bool {
        match self {
            // A domain that is on its way needs nothing but time, and one that is going can't be deleted again.
            Self::RemakeDomain => seen.domain(finding).is_some_and(|domain| {
                let way = matches!(domain.status.as_deref(), Some("CREATING" | "DELETING"));
                !way && (!domain.custom || domain.certificate_arn.is_some())
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

    fn suits_client(self, client: &AppClient, seen: &FixContext) -> bool {
        let servers = seen.servers;
        let settings = &client.settings;
        match self {
            Self::MachineFlow | Self::Split => {
                let custom = settings.scopes.iter().any(ScopeName::is_for_machines);
                let people = self == Self::Split;
                // Cognito refuses the flow where there is none; what is not known does not speak against it.
                let public = client.secret_state(seen.secrets).is_public();
                !public && custom && (!people || takes_people(settings))
            }
            Self::ForPeople => takes_people(settings),
            Self::MoveSecret => unmovable(client, seen.secrets).is_none(),
            // One that was misspelt was never there.
            Self::DefineScopes => {
                let mut gone = plans::inactive(&settings.scopes, servers);
                gone.all(|scope| scopes::meant(scope, servers).is_none())
            }
            _ => true,
        }
    }

    fn mended(self, client: &AppClient, servers: &[ResourceServer]) -> ClientSettings {
        let mut after = client.settings.clone();
        match self {
            Self::OAuthOn => after.oauth_enabled = true,
            Self::OAuthOff => after.oauth_enabled = false,
            Self::PruneScopes => {
                after.scopes = active(&after.scopes, servers);
                // Cognito takes OAuth only with scopes.
                after.oauth_enabled &= !after.scopes.is_empty();
            }
            Self::DropSignInScopes => {
                after.scopes.retain(ScopeName::is_for_machines);
                after.oauth_enabled &= !after.scopes.is_empty();
            }
            Self::ForPeople => after.scopes.push(ScopeName::new("openid")),
            Self::MachineFlow => after.flows = vec![OAuthFlow::ClientCredentials],
            Self::Split => after
                .flows
                .retain(|flow| *flow != OAuthFlow::ClientCredentials),
            Self::DropSignInFlows => drop_flows(&mut after, is_sign_in),
            Self::ClientToken => after.explicit_auth_flows = vec![CLIENT_TOKEN_FLOW.to_owned()],
            Self::NoClientToken => drop_flows(&mut after, |flow| flow == CLIENT_TOKEN_FLOW),
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
            _ => {}
        }
        after
    }
}

/// What a mend rests on. Lists are whole.
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
}

/// The ways out of a finding, as far as they suit it.
pub fn mends(finding: &Finding, seen: &FixContext) -> Vec<Fix> {
    let ways = finding.remedy().options().iter().copied();
    ways.filter(|fix| fix.suits(finding, seen)).collect()
}

/// The plan of one way out of a finding; `None` where no plan is what it takes, or where it does not suit.
#[must_use]
pub fn plan_fix(way: Fix, finding: &Finding, seen: &FixContext) -> Option<Plan> {
    if way.by() != FixedBy::Plan || !way.suits(finding, seen) {
        return None;
    }
    match (&finding.subject, seen.client) {
        (Subject::Pool, _) => Some(plan::protect(seen.pool, true)),
        (Subject::Domain(_), _) => Some(plans::domain_again(seen.domain(finding)?, seen.pool)),
        (Subject::Scope(scope), _) => plans::without_scope(scope, seen),
        (Subject::Client { .. }, Some(client)) => Some(of_client(way, client, seen)),
        _ => None,
    }
}

fn of_client(way: Fix, client: &AppClient, seen: &FixContext) -> Plan {
    let target = Target::from(seen.pool);
    match way {
        Fix::DefineScopes => plans::scopes(client, seen),
        Fix::MoveSecret => {
            let count = match seen.secrets {
                ListedSecrets::Read(secrets) => Some(secrets.len()),
                ListedSecrets::NotRead | ListedSecrets::Unreadable { .. } => None,
            };
            plan::move_secret(target, client, true, count)
        }
        Fix::DeleteClient => plan::delete_client(
            target,
            &ClientSummary {
                id: client.id.clone(),
                name: client.settings.name.clone(),
            },
        ),
        _ => {
            let after = way.mended(client, seen.servers);
            let mut plan = plan::edit_client(target, client, &after, seen.servers);
            if way == Fix::Split {
                plan.steps.insert(0, plans::machine_of(client));
            }
            plan
        }
    }
}

/// Whether people who sign in have somewhere to come back to.
fn takes_people(settings: &ClientSettings) -> bool {
    let flows = settings.flows.iter();
    let signs_in = |flow: &OAuthFlow| *flow != OAuthFlow::ClientCredentials;
    !settings.callback_urls.is_empty() || !flows.into_iter().any(signs_in)
}

/// Takes explicit flows off. An empty list would stand for the default, which allows sign-in.
fn drop_flows(settings: &mut ClientSettings, goes: impl Fn(&str) -> bool) {
    settings.explicit_auth_flows.retain(|flow| !goes(flow));
    if settings.explicit_auth_flows.is_empty() {
        settings.explicit_auth_flows = vec!["ALLOW_REFRESH_TOKEN_AUTH".to_owned()];
    }
}

/// The scopes that are defined, and in place of those that are not the one that was probably meant.
fn active(listed: &[ScopeName], servers: &[ResourceServer]) -> Vec<ScopeName> {
    let mut kept: Vec<ScopeName> = Vec::new();
    for scope in listed {
        let right = match ScopeState::of(scope, servers) {
            ScopeState::Inactive => scopes::meant(scope, servers),
            ScopeState::Active | ScopeState::OpenId | ScopeState::System => Some(scope.clone()),
        };
        if let Some(scope) = right.filter(|scope| !kept.contains(scope)) {
            kept.push(scope);
        }
    }
    kept
}
