//! The table of rules. It is meant to be read: what is looked for, how much it matters, and why.
//!
//! Sources: the Amazon Cognito Developer Guide ("Scopes, M2M, and resource servers", "Token endpoint", "App clients",
//! "Configuring a user pool domain", "Quotas", "Pre token generation Lambda trigger") and the API's model, unless a rule names
//! another.

use super::{
    ClientSnapshot, Evidence, Finding, PoolSnapshot, Severity, Subject, grants, pool, scopes,
    secrets,
};
use Check::{OnClient, OnPool};
use Severity::{Error, Hint, Warning};

/// One thing that is looked for.
#[derive(Debug)]
pub struct Rule {
    /// Names the rule, in kebab-case; never changes.
    pub id: &'static str,
    pub severity: Severity,
    /// What is the matter, in a few words.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    check: Check,
}

/// How a rule looks.
#[derive(Debug)]
enum Check {
    /// At the pool as a whole: each subject that it has something to say of.
    OnPool(fn(&PoolSnapshot) -> Vec<(Subject, Evidence)>),
    /// At one client after the other.
    OnClient(fn(&PoolSnapshot, &ClientSnapshot) -> Option<Evidence>),
}

impl Rule {
    /// What it finds in a pool.
    pub(super) fn findings(&self, found: &PoolSnapshot) -> Vec<Finding> {
        match self.check {
            OnPool(check) => check(found)
                .into_iter()
                .map(|(subject, verdict)| self.finding(subject, verdict))
                .collect(),
            OnClient(_) => found
                .clients
                .iter()
                .filter_map(|client| self.on_client(found, client))
                .collect(),
        }
    }

    /// What it finds on one client; nothing where it looks at the pool as a whole.
    pub(super) fn on_client(
        &self,
        found: &PoolSnapshot,
        described: &ClientSnapshot,
    ) -> Option<Finding> {
        let OnClient(check) = self.check else {
            return None;
        };
        let subject = Subject::Client {
            id: described.client.id.clone(),
            name: described.client.settings.name.clone(),
        };
        check(found, described).map(|verdict| self.finding(subject, verdict))
    }

    fn finding(&self, subject: Subject, verdict: Evidence) -> Finding {
        Finding {
            rule: self.id,
            severity: self.severity,
            title: self.title,
            subject,
            seen: verdict.seen,
            why: self.why,
            fix: verdict.fix,
        }
    }
}

/// Every rule, the most common causes of a refused token first.
pub const RULES: &[Rule] = &[
    // hashicorp/terraform-provider-aws#34945, aws/aws-sdk-js-v3#7158.
    Rule {
        id: "oauth-off",
        severity: Error,
        title: "OAuth is switched off",
        why: "While AllowedOAuthFlowsUserPoolClient is false, which is its default, the token endpoint answers invalid_grant, \
              however right flows and scopes are.",
        check: OnClient(grants::oauth_off),
    },
    Rule {
        id: "no-token-source",
        severity: Error,
        title: "There is nowhere to get a token",
        why: "The token endpoint is on the pool's domain; without one only the GetClientToken operation issues tokens, to clients \
              that have ALLOW_CLIENT_TOKEN_AUTH as their only explicit flow.",
        check: OnClient(grants::no_token_source),
    },
    // "client_credentials flow can not be selected if client does not have a client secret."
    Rule {
        id: "machine-without-secret",
        severity: Error,
        title: "A machine client without a secret",
        why: "client_credentials and GetClientToken prove the client by its secret: a public client gets invalid_client.",
        check: OnClient(grants::machine_without_secret),
    },
    // "client_credentials flow can not be selected along with code flow or implicit flow."
    Rule {
        id: "mixed-flows",
        severity: Error,
        title: "client_credentials is not alone",
        why: "Cognito takes client_credentials only alone: every update of the client fails with InvalidOAuthFlowException.",
        check: OnClient(grants::mixed_flows),
    },
    // hashicorp/terraform-provider-aws#5140.
    Rule {
        id: "oauth-without-flows",
        severity: Error,
        title: "OAuth is on without a flow",
        why: "With no AllowedOAuthFlows every grant is refused, and updates fail: OAuth needs flows and scopes.",
        check: OnClient(grants::oauth_without_flows),
    },
    Rule {
        id: "no-scopes",
        severity: Error,
        title: "No scope to ask for",
        why: "A client_credentials token is worth its scopes: with none there is nothing to ask for, and Cognito refuses every \
              update of a client whose OAuth is on with no scopes.",
        check: OnClient(scopes::none_listed),
    },
    // "openid is not supported with client_credentials flow": hashicorp/terraform-provider-aws#4984.
    Rule {
        id: "sign-in-scopes",
        severity: Error,
        title: "Sign-in scopes on a machine client",
        why: "openid, email and the like need a person: asking for one gives invalid_scope, and updates of the client fail.",
        check: OnClient(scopes::sign_in_scopes),
    },
    // aws-cloudformation/cloudformation-coverage-roadmap#173: deleting a scope in use succeeds without a word.
    Rule {
        id: "inactive-scopes",
        severity: Error,
        title: "Scopes that are not defined",
        why: "Cognito takes a request for such a scope and leaves it out of the token; the API then refuses the call.",
        check: OnClient(scopes::inactive),
    },
    Rule {
        id: "domain-not-active",
        severity: Error,
        title: "A domain that is not active",
        why: "Until a domain is ACTIVE its token endpoint does not answer, or answers with a TLS or CloudFront error. A prefix takes \
              about a minute, a new custom domain up to an hour.",
        check: OnPool(pool::domain_not_active),
    },
    Rule {
        id: "domain-without-record",
        severity: Error,
        title: "A domain without a DNS record",
        why: "Cognito serves a custom domain at a CloudFront name; without a record of its own that points there, nobody finds the \
              token endpoint.",
        check: OnPool(pool::domain_without_record),
    },
    Rule {
        id: "trigger-not-in-plan",
        severity: Error,
        title: "The trigger is not in the plan",
        why: "Events V2_0 and V3_0 of the pre-token trigger belong to the plans Essentials and Plus: on Lite they do not run.",
        check: OnPool(pool::trigger_not_in_plan),
    },
    Rule {
        id: "dcr-open-machines",
        severity: Error,
        title: "Anyone can register machine clients",
        why: "Open registration allows client_credentials: strangers can register app clients, and you pay for the tokens they request.",
        check: OnPool(pool::dcr_open_machines),
    },
    Rule {
        id: "dcr-open",
        severity: Warning,
        title: "Anyone can register app clients",
        why: "Open registration asks for no initial access token. Registered clients count towards the quota of app clients.",
        check: OnPool(pool::dcr_open),
    },
    Rule {
        id: "managed-rotation-off",
        severity: Warning,
        title: "A managed secret does not rotate",
        why: "Secrets Manager holds the secret, but its rotation is off: it stays the same until it is rotated by hand.",
        check: OnClient(secrets::managed_off),
    },
    Rule {
        id: "managed-rotation-overdue",
        severity: Warning,
        title: "The rotation of a managed secret fails",
        why: "Secrets Manager did not rotate the secret on its date. Its log (CloudTrail, RotateSecret) says why.",
        check: OnClient(secrets::managed_overdue),
    },
    Rule {
        id: "public-machine",
        severity: Warning,
        title: "Public, but looks like a machine's",
        why: "Without a secret it can never use client_credentials, and a secret can't be added later.",
        check: OnClient(grants::public_machine),
    },
    Rule {
        id: "machine-without-flow",
        severity: Warning,
        title: "A machine lacks client_credentials",
        why: "With a secret, scopes of resource servers and nowhere to redirect to, it looks made for machines; without the flow it \
              gets invalid_grant.",
        check: OnClient(grants::machine_without_flow),
    },
    Rule {
        id: "client-token-not-alone",
        severity: Warning,
        title: "ALLOW_CLIENT_TOKEN_AUTH is not alone",
        why: "GetClientToken wants it as the only entry of ExplicitAuthFlows.",
        check: OnClient(grants::client_token_not_alone),
    },
    Rule {
        id: "sign-in-flows",
        severity: Warning,
        title: "User sign-in on a machine client",
        why: "Whoever holds the client's secret can try people's passwords through it: a machine needs none of these flows.",
        check: OnClient(grants::sign_in_flows),
    },
    Rule {
        id: "secret-old",
        severity: Warning,
        title: "An old secret",
        why: "Cognito's secrets never expire: one that leaked long ago still works.",
        check: OnClient(secrets::old),
    },
    Rule {
        id: "rotation-unfinished",
        severity: Warning,
        title: "A rotation that was not finished",
        why: "Both secrets are valid, so replacing the first has taken nothing from whoever knows it; and with both slots filled the \
              next rotation can't begin.",
        check: OnClient(secrets::rotation_unfinished),
    },
    Rule {
        id: "token-short",
        severity: Warning,
        title: "Very short-lived tokens",
        why: "AWS bills every token (about $0.00225) and limits how many are issued a second: short lives cost money and end in \
              throttling.",
        check: OnClient(grants::token_short),
    },
    Rule {
        id: "token-long",
        severity: Warning,
        title: "Very long-lived tokens",
        why: "A client_credentials token can't be taken back: one that leaks works until it expires.",
        check: OnClient(grants::token_long),
    },
    // AWS TEAM's own script makes a second machine_auth when it is run again, and then finds two ids.
    Rule {
        id: "namesakes",
        severity: Warning,
        title: "Several clients of one name",
        why: "Names need not be unique, but scripts look clients up by them, and then take any of these or fail.",
        check: OnClient(grants::namesakes),
    },
    Rule {
        id: "deletion-unprotected",
        severity: Warning,
        title: "Deletion is not protected",
        why: "One call deletes the pool, and with it go all its clients and secrets, and every program that uses them stops.",
        check: OnPool(pool::deletion_unprotected),
    },
    Rule {
        id: "trigger-never-fires",
        severity: Warning,
        title: "The trigger does not run for M2M",
        why: "Only event V3_0 of the pre-token trigger fires for client_credentials: claims or scopes that this function adds are not \
              in machines' tokens.",
        check: OnPool(pool::trigger_never_fires),
    },
    Rule {
        id: "trigger-changes-scopes",
        severity: Hint,
        title: "A trigger can change scopes",
        why: "A V3_0 pre-token trigger runs for client_credentials: what is in a token may differ from what its client lists.",
        check: OnPool(pool::trigger_changes_scopes),
    },
    Rule {
        id: "sign-in-flows-by-default",
        severity: Hint,
        title: "User sign-in allowed by default",
        why: "Where ExplicitAuthFlows is empty, Cognito allows ALLOW_USER_SRP_AUTH, ALLOW_CUSTOM_AUTH and ALLOW_REFRESH_TOKEN_AUTH.",
        check: OnClient(grants::sign_in_flows_by_default),
    },
    // AWS TEAM's own script gives machine_auth the callback URL https://localhost: as intended there, and never used.
    Rule {
        id: "callback-urls",
        severity: Hint,
        title: "Callback URLs that are never used",
        why: "client_credentials sends nobody anywhere: the URLs do nothing, and mislead whoever reads them.",
        check: OnClient(grants::callback_urls),
    },
    Rule {
        id: "whole-server",
        severity: Hint,
        title: "Holds every scope of a server",
        why: "Scopes limit what a leaked secret is good for: one that holds them all is not limited.",
        check: OnClient(scopes::whole_server),
    },
    Rule {
        id: "secret-not-shown",
        severity: Hint,
        title: "A secret that Cognito does not show",
        why: "The client has a secret, and its description has none: only who received the value has it. Rotating needs no old value.",
        check: OnClient(secrets::not_shown),
    },
    Rule {
        id: "dcr-quota",
        severity: Hint,
        title: "Registered clients fill the quota",
        why: "A user pool holds 1,000 app clients by default, those that registered themselves included. Cognito does not say which are used.",
        check: OnPool(pool::dcr_quota),
    },
    Rule {
        id: "unused-scope",
        severity: Hint,
        title: "A scope that no client holds",
        why: "Nobody can get a token with it: it is left over, or a client still lacks it.",
        check: OnPool(scopes::unused),
    },
];
