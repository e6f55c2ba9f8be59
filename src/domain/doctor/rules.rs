//! The table of rules. A rule is one entry: what is wrong, how much it matters, why, how it is checked, what fixes it.
//!
//! Sources: the Amazon Cognito Developer Guide ("Scopes, M2M, and resource servers", "Token endpoint", "App clients",
//! "Configuring a user pool domain", "Quotas", "Pre token generation Lambda trigger") and the API's model, unless a rule names
//! another.

use std::fmt;

use super::judged::Need;
use super::{
    ClientSnapshot, Evidence, Finding, Fix, FixOptions, PoolSnapshot, Severity, Subject, grants,
    pool, scopes, secrets,
};
use crate::domain::pool::{Domain, PreTokenTrigger};
use crate::domain::scope::ScopeName;
use Check::{Clients, Domains, Pool, Scopes, Trigger};
use FixOptions::{Elsewhere, Here};
use Severity::{Error, Hint, Warning};

/// One thing that the doctor checks.
#[derive(Debug)]
pub struct Rule {
    pub id: RuleId,
    pub severity: Severity,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    pub(super) check: Check,
    /// What the check reads besides its subject.
    pub(super) needs: &'static [Need],
    /// What fixes its findings.
    pub fixes: FixOptions,
    /// The refusals that a finding explains: errors of OAuth, exceptions of the API, and the errors of an API that is called with
    /// the token.
    pub explains: &'static [&'static str],
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

/// What a rule looks at; see [`Subject`].
#[derive(Debug)]
pub(super) enum Check {
    Pool(fn(&PoolSnapshot) -> Option<Evidence>),
    /// One domain at a time.
    Domains(fn(&PoolSnapshot, &Domain) -> Option<Evidence>),
    Trigger(fn(&PoolSnapshot, &PreTokenTrigger) -> Option<Evidence>),
    /// One client at a time.
    Clients(fn(&PoolSnapshot, &ClientSnapshot) -> Option<Evidence>),
    /// All scopes at once.
    Scopes(fn(&PoolSnapshot) -> Vec<(ScopeName, Evidence)>),
}

impl Rule {
    /// The first line of a report on it.
    pub(super) fn heading(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = self.severity.label();
        writeln!(f, "{severity}: {} ({})", self.title, self.id)
    }

    /// Its findings in a pool.
    pub(super) fn findings(&'static self, found: &PoolSnapshot) -> Vec<Finding> {
        match self.check {
            Pool(check) => check(found)
                .map(|evidence| self.finding(Subject::Pool, evidence))
                .into_iter()
                .collect(),
            Domains(check) => {
                let domains = found.domains.into_iter().flatten();
                let on = |domain: &Domain| {
                    let evidence = check(found, domain)?;
                    Some(self.finding(Subject::Domain(domain.name.clone()), evidence))
                };
                domains.filter_map(on).collect()
            }
            Trigger(check) => {
                let trigger = found.pool.pre_token_trigger.iter();
                let on = |trigger: &PreTokenTrigger| {
                    let evidence = check(found, trigger)?;
                    Some(self.finding(Subject::Trigger(trigger.arn.clone()), evidence))
                };
                trigger.filter_map(on).collect()
            }
            Clients(_) => {
                let clients = found.clients.iter();
                let on = |client| self.on_client(found, client);
                clients.filter_map(on).collect()
            }
            Scopes(check) => {
                let scopes = check(found).into_iter();
                let on = |(scope, evidence)| self.finding(Subject::Scope(scope), evidence);
                scopes.map(on).collect()
            }
        }
    }

    /// Its finding on one client; `None` for a rule about something else.
    pub(super) fn on_client(
        &'static self,
        found: &PoolSnapshot,
        described: &ClientSnapshot,
    ) -> Option<Finding> {
        let Clients(check) = self.check else {
            return None;
        };
        let subject = Subject::Client {
            id: described.client.id.clone(),
            name: described.client.settings.name.clone(),
        };
        check(found, described).map(|evidence| self.finding(subject, evidence))
    }

    fn finding(&'static self, subject: Subject, evidence: Evidence) -> Finding {
        Finding {
            rule: self,
            subject,
            seen: evidence.seen,
            fix: evidence.fix,
        }
    }
}

/// Makes [`RuleId`] and [`RULES`] of the entries.
macro_rules! rules {
    ($($id:ident $text:literal { severity: $severity:expr, title: $title:literal, $($field:ident: $value:expr,)+ })+) => {
        /// Names a rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum RuleId { $(#[doc = $title] $id,)+ }

        impl RuleId {
            /// Its text in kebab-case, for scripts to refer to. It never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$id => $text,)+ }
            }
        }

        /// Every rule. Within a severity, the most common causes of a refused token come first.
        pub const RULES: &[Rule] = &[
            $(Rule { id: RuleId::$id, severity: $severity, title: $title, $($field: $value,)+ },)+
        ];
    };
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why the console fixes nothing about dynamic client registration.
const REGISTRATION: FixOptions =
    Elsewhere("Change it in the AWS console: cognitui does not edit DcrConfiguration.");
/// Why the console fixes no schedule of Secrets Manager.
const SCHEDULE: FixOptions =
    Elsewhere("Change the schedule in Secrets Manager. R on the client rotates the secret now.");

rules! {
    // hashicorp/terraform-provider-aws#34945, aws/aws-sdk-js-v3#7158.
    OAuthOff "oauth-off" {
        severity: Error,
        title: "OAuth is switched off",
        why: "While AllowedOAuthFlowsUserPoolClient is false (the default), the token endpoint answers invalid_grant, even if \
              flows and scopes are correct.",
        check: Clients(grants::oauth_off),
        needs: &[],
        fixes: Here(&[Fix::OAuthOn]),
        explains: &["invalid_grant"],
    }
    NoTokenSource "no-token-source" {
        severity: Error,
        title: "No way to get a token",
        why: "The token endpoint needs a domain. Without one, only GetClientToken issues tokens, and only to clients whose \
              sole explicit flow is ALLOW_CLIENT_TOKEN_AUTH.",
        check: Clients(grants::no_token_source),
        needs: &[],
        fixes: Here(&[Fix::AddDomain, Fix::ClientToken]),
        explains: &[],
    }
    // "client_credentials flow can not be selected if client does not have a client secret."
    MachineWithoutSecret "machine-without-secret" {
        severity: Error,
        title: "M2M client without a secret",
        why: "client_credentials and GetClientToken authenticate a client by its secret. A public client gets invalid_client.",
        check: Clients(grants::machine_without_secret),
        needs: &[Need::SecretState],
        fixes: Elsewhere("In the console: create a client (n), move the programs to it, then delete this one."),
        explains: &["invalid_client"],
    }
    // "client_credentials flow can not be selected along with code flow or implicit flow."
    MixedFlows "mixed-flows" {
        severity: Error,
        title: "client_credentials with other flows",
        why: "Cognito accepts client_credentials only alone: every update of the client fails with InvalidOAuthFlowException.",
        check: Clients(grants::mixed_flows),
        needs: &[],
        fixes: Here(&[Fix::Split, Fix::MachineFlow]),
        explains: &["invalid_grant", "unauthorized_client"],
    }
    // hashicorp/terraform-provider-aws#5140.
    OAuthWithoutFlows "oauth-without-flows" {
        severity: Error,
        title: "OAuth is on without a flow",
        why: "Without AllowedOAuthFlows every grant is refused, and updates fail: OAuth needs flows and scopes.",
        check: Clients(grants::oauth_without_flows),
        needs: &[],
        fixes: Here(&[Fix::MachineFlow, Fix::OAuthOff]),
        explains: &["invalid_grant", "unauthorized_client"],
    }
    NoScopes "no-scopes" {
        severity: Error,
        title: "No allowed scopes",
        why: "Without scopes there is nothing to request, and Cognito refuses updates of a client with OAuth on and no scopes.",
        check: Clients(scopes::none_listed),
        needs: &[],
        fixes: Here(&[Fix::ChooseScopes]),
        explains: &["invalid_grant", "invalid_scope", "insufficient_scope"],
    }
    // "openid is not supported with client_credentials flow": hashicorp/terraform-provider-aws#4984.
    SignInScopes "sign-in-scopes" {
        severity: Error,
        title: "Sign-in scopes on an M2M client",
        why: "openid, email and the like need a user: requests for them fail with invalid_scope, and updates of the client fail.",
        check: Clients(scopes::sign_in_scopes),
        needs: &[],
        fixes: Here(&[Fix::DropSignInScopes]),
        explains: &["invalid_scope"],
    }
    // aws-cloudformation/cloudformation-coverage-roadmap#173: deleting a scope in use succeeds without a warning.
    InactiveScopes "inactive-scopes" {
        severity: Error,
        title: "Undefined scopes",
        why: "Cognito accepts a request for an undefined scope and leaves it out of the token. The API then refuses the call.",
        check: Clients(scopes::inactive),
        needs: &[Need::Servers],
        fixes: Here(&[Fix::PruneScopes, Fix::DefineScopes]),
        explains: &["invalid_scope", "insufficient_scope"],
    }
    DomainNotActive "domain-not-active" {
        severity: Error,
        title: "Domain is not active",
        why: "Until a domain is ACTIVE, its token endpoint does not answer, or fails with a TLS or CloudFront error. A prefix \
              takes about a minute, a new custom domain up to an hour.",
        check: Domains(pool::domain_not_active),
        needs: &[],
        fixes: Here(&[Fix::RemakeDomain]),
        explains: &[],
    }
    DomainWithoutRecord "domain-without-record" {
        severity: Error,
        title: "Domain without a DNS record",
        why: "A custom domain needs a DNS record that points to its CloudFront name. Without it the token endpoint cannot be \
              reached.",
        check: Domains(pool::domain_without_record),
        needs: &[Need::DnsRecords],
        fixes: Elsewhere("Add it where the DNS zone is hosted: cognitui does not edit DNS."),
        explains: &[],
    }
    TriggerNotInPlan "trigger-not-in-plan" {
        severity: Error,
        title: "Trigger needs another feature plan",
        why: "Events V2_0 and V3_0 of the pre-token trigger need the Essentials or Plus plan. On Lite they do not run.",
        check: Trigger(pool::trigger_not_in_plan),
        needs: &[],
        fixes: Elsewhere("Change the plan, which has a price, or the function in the AWS console or in your templates."),
        explains: &["invalid_request"],
    }
    DcrOpenMachines "dcr-open-machines" {
        severity: Error,
        title: "Anyone can register M2M clients",
        why: "Open registration allows client_credentials: anyone can register app clients, and you pay for the tokens they \
              request.",
        check: Pool(pool::dcr_open_machines),
        needs: &[],
        fixes: REGISTRATION,
        explains: &[],
    }
    DcrOpen "dcr-open" {
        severity: Warning,
        title: "Anyone can register app clients",
        why: "Open registration needs no initial access token. Registered clients count towards the quota of app clients.",
        check: Pool(pool::dcr_open),
        needs: &[],
        fixes: REGISTRATION,
        explains: &[],
    }
    ManagedRotationOff "managed-rotation-off" {
        severity: Warning,
        title: "Managed secret does not rotate",
        why: "Secrets Manager holds the secret, but rotation is off: it stays the same until you rotate it.",
        check: Clients(secrets::managed_off),
        needs: &[Need::ManagedSecret],
        fixes: SCHEDULE,
        explains: &[],
    }
    ManagedRotationOverdue "managed-rotation-overdue" {
        severity: Warning,
        title: "Managed secret rotation is overdue",
        why: "Secrets Manager did not rotate the secret on its date. CloudTrail (RotateSecret) has the reason.",
        check: Clients(secrets::managed_overdue),
        needs: &[Need::ManagedSecret],
        fixes: SCHEDULE,
        explains: &[],
    }
    PublicMachine "public-machine" {
        severity: Warning,
        title: "Public client with M2M scopes",
        why: "Without a secret it can never use client_credentials, and a secret cannot be added later.",
        check: Clients(grants::public_machine),
        needs: &[Need::SecretState],
        fixes: Here(&[Fix::ForPeople]),
        explains: &["invalid_client"],
    }
    MachineWithoutFlow "machine-without-flow" {
        severity: Warning,
        title: "M2M client lacks client_credentials",
        why: "It has a secret, resource server scopes and no callback URL, so it looks like an M2M client. Without the flow it \
              gets invalid_grant.",
        check: Clients(grants::machine_without_flow),
        needs: &[Need::SecretState],
        fixes: Here(&[Fix::MachineFlow]),
        explains: &["invalid_grant", "unauthorized_client"],
    }
    ClientTokenNotAlone "client-token-not-alone" {
        severity: Warning,
        title: "ALLOW_CLIENT_TOKEN_AUTH is not alone",
        why: "GetClientToken requires it as the only entry of ExplicitAuthFlows.",
        check: Clients(grants::client_token_not_alone),
        needs: &[],
        fixes: Here(&[Fix::ClientToken, Fix::NoClientToken]),
        explains: &["NotAuthorizedException"],
    }
    SignInFlows "sign-in-flows" {
        severity: Warning,
        title: "User sign-in on an M2M client",
        why: "Anyone with the client's secret can try user passwords through it. An M2M client needs none of these flows.",
        check: Clients(grants::sign_in_flows),
        needs: &[],
        fixes: Here(&[Fix::DropSignInFlows]),
        explains: &[],
    }
    SecretOld "secret-old" {
        severity: Warning,
        title: "Old secret",
        why: "Cognito secrets never expire: one that leaked long ago still works.",
        check: Clients(secrets::old),
        needs: &[Need::SecretDates],
        fixes: Here(&[Fix::Rotate, Fix::MoveSecret]),
        explains: &[],
    }
    RotationUnfinished "rotation-unfinished" {
        severity: Warning,
        title: "Unfinished rotation",
        why: "Both secrets are valid, so a leaked old one still works. With both slots full, the next rotation cannot start.",
        check: Clients(secrets::rotation_unfinished),
        needs: &[Need::SecretDates],
        fixes: Here(&[Fix::Rotate]),
        explains: &["invalid_client", "NotAuthorizedException"],
    }
    TokenShort "token-short" {
        severity: Warning,
        title: "Very short token lifetime",
        why: "AWS bills every token (about $0.00225) and limits how many it issues a second. Short lifetimes cost money and \
              cause throttling.",
        check: Clients(grants::token_short),
        needs: &[],
        fixes: Here(&[Fix::HourTokens]),
        explains: &[],
    }
    TokenLong "token-long" {
        severity: Warning,
        title: "Very long token lifetime",
        why: "A client_credentials token cannot be revoked: a leaked one works until it expires.",
        check: Clients(grants::token_long),
        needs: &[],
        fixes: Here(&[Fix::HourTokens]),
        explains: &[],
    }
    // AWS TEAM's own script creates a second machine_auth when it runs again, and then finds two ids.
    Namesakes "namesakes" {
        severity: Warning,
        title: "Duplicate client name",
        why: "Names need not be unique, but scripts that look clients up by name take any of these or fail.",
        check: Clients(grants::namesakes),
        needs: &[Need::ClientList],
        fixes: Here(&[Fix::Rename, Fix::DeleteClient]),
        explains: &[],
    }
    DeletionUnprotected "deletion-unprotected" {
        severity: Warning,
        title: "Deletion protection is off",
        why: "One call deletes the pool with all its clients and secrets, and every program that uses them stops.",
        check: Pool(pool::deletion_unprotected),
        needs: &[Need::DeletionProtection],
        fixes: Here(&[Fix::Protect]),
        explains: &[],
    }
    TriggerNeverFires "trigger-never-fires" {
        severity: Warning,
        title: "Trigger does not run for M2M",
        why: "Only event V3_0 of the pre-token trigger runs for client_credentials. M2M tokens lack the claims and scopes that \
              this function adds.",
        check: Trigger(pool::trigger_never_fires),
        needs: &[Need::EveryClient],
        fixes: Elsewhere("Change the Lambda function's code first; cognitui cannot."),
        explains: &[],
    }
    TriggerChangesScopes "trigger-changes-scopes" {
        severity: Hint,
        title: "Trigger can change scopes",
        why: "A V3_0 pre-token trigger runs for client_credentials: a token's scopes can differ from its client's.",
        check: Trigger(pool::trigger_changes_scopes),
        needs: &[],
        fixes: Elsewhere("This may be intended: the function's code decides, not Cognito."),
        explains: &["insufficient_scope"],
    }
    SignInFlowsByDefault "sign-in-flows-by-default" {
        severity: Hint,
        title: "User sign-in allowed by default",
        why: "With ExplicitAuthFlows empty, Cognito allows ALLOW_USER_SRP_AUTH, ALLOW_CUSTOM_AUTH and ALLOW_REFRESH_TOKEN_AUTH.",
        check: Clients(grants::sign_in_flows_by_default),
        needs: &[],
        fixes: Here(&[Fix::DropSignInFlows]),
        explains: &[],
    }
    // AWS TEAM's own script gives machine_auth the callback URL https://localhost. It is intended, and never used.
    CallbackUrls "callback-urls" {
        severity: Hint,
        title: "Unused callback URLs",
        why: "client_credentials never redirects: the URLs do nothing and mislead readers.",
        check: Clients(grants::callback_urls),
        needs: &[],
        fixes: Here(&[Fix::DropUrls]),
        explains: &[],
    }
    WholeServer "whole-server" {
        severity: Hint,
        title: "Every scope of a resource server",
        why: "Scopes limit what a leaked secret can do. A client that has all of them is not limited.",
        check: Clients(scopes::whole_server),
        needs: &[Need::Servers],
        fixes: Here(&[Fix::ChooseScopes]),
        explains: &[],
    }
    SecretNotShown "secret-not-shown" {
        severity: Hint,
        title: "Cognito does not show the secret",
        why: "The client has a secret, but its description omits it: only its recipients have the value. Rotation does not \
              need the old value.",
        check: Clients(secrets::not_shown),
        needs: &[Need::SecretState],
        fixes: Elsewhere("Nothing to change while the programs have the value. If it is lost, R on the client adds another."),
        explains: &[],
    }
    DcrQuota "dcr-quota" {
        severity: Hint,
        title: "Registered clients fill the quota",
        why: "A user pool holds 1,000 app clients by default, including registered ones. Cognito cannot show which are in use.",
        check: Pool(pool::dcr_quota),
        needs: &[Need::EveryClient],
        fixes: REGISTRATION,
        explains: &[],
    }
    UnusedScope "unused-scope" {
        severity: Hint,
        title: "Unused scope",
        why: "No client can get a token with it: it is left over, or a client still lacks it.",
        check: Scopes(scopes::unused),
        needs: &[Need::Servers, Need::EveryClient],
        fixes: Here(&[Fix::DeleteScope]),
        explains: &[],
    }
}
