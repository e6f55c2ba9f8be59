//! Fixes of one app client that go together: Cognito takes all settings in one call, and refuses them all for one of them.

use super::{Fix, FixContext, fixes_for};
use crate::domain::client::{AppClient, ClientSettings};
use crate::domain::client_rules::{self, Refusal, Setting};
use crate::domain::doctor::{
    ClientSnapshot, Finding, PoolSnapshot, Severity, Subject, diagnose_client,
};
use crate::domain::plan::{self, Plan, Target};
use crate::domain::resource_server::ResourceServer;

/// How a finding on a client is fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientFix {
    /// By this plan, with no choice left.
    Plan(Box<Plan>),
    /// By these fixes and by a value that the user chooses.
    Choose { fixes: Vec<Fix>, setting: Setting },
}

/// What `fix` leads to on its client, with the fixes that have to accompany it: those of all other errors, where the finding is an
/// error, else those without which Cognito refuses the update. `None` if the fix is neither a change nor a choice of settings, or
/// does not suit.
#[must_use]
pub fn fix_client(
    fix: Fix,
    finding: &Finding,
    seen: &FixContext,
    found: &PoolSnapshot,
    described: &ClientSnapshot,
) -> Option<ClientFix> {
    if !fix.suits(finding, seen) || !matches!(finding.subject, Subject::Client { .. }) {
        return None;
    }
    let chosen = match fix {
        Fix::ChooseScopes => Some(Setting::Scopes),
        Fix::Rename => Some(Setting::Name),
        _ => None,
    };
    let mut draft = Draft {
        client: described.client.clone(),
        fixes: Vec::new(),
    };
    if chosen.is_none() {
        draft.add(fix, seen)?;
    }
    let refused = |draft: &Draft| draft.refusals(seen, described).into_iter().next();
    if finding.rule.severity == Severity::Error || refused(&draft).is_some() {
        while let Some(next) = draft.next(seen, found, described) {
            draft.add(next, seen)?;
        }
    }
    if let Some(setting) = chosen.or_else(|| Some(refused(&draft)?.setting)) {
        let fixes = draft.fixes;
        return Some(ClientFix::Choose { fixes, setting });
    }
    let target = Target::from(seen.pool);
    let after = &draft.client.settings;
    let plan = plan::edit_client(target, described.client, after, seen.servers);
    Some(ClientFix::Plan(Box::new(plan)))
}

/// The client as the fixes so far leave it.
struct Draft {
    client: AppClient,
    fixes: Vec<Fix>,
}

impl Draft {
    fn add(&mut self, fix: Fix, seen: &FixContext) -> Option<()> {
        fix.change(&mut self.client.settings, seen.servers)?;
        self.fixes.push(fix);
        Some(())
    }

    /// The fix of the first error that has only one, which is a change of settings.
    fn next(
        &self,
        seen: &FixContext,
        found: &PoolSnapshot,
        described: &ClientSnapshot,
    ) -> Option<Fix> {
        let client = &self.client;
        let seen = FixContext {
            client: Some(client),
            ..*seen
        };
        let findings = diagnose_client(
            found,
            &ClientSnapshot {
                client,
                ..*described
            },
        );
        let mut errors = findings
            .iter()
            .filter(|finding| finding.rule.severity == Severity::Error);
        errors.find_map(|finding| match *fixes_for(finding, &seen) {
            [fix] if !self.fixes.contains(&fix) => {
                let mut after = client.settings.clone();
                fix.change(&mut after, seen.servers)?;
                (after != client.settings).then_some(fix)
            }
            _ => None,
        })
    }

    /// What Cognito would refuse. Scopes that no server defines are not among it: every update removes them.
    fn refusals(&self, seen: &FixContext, described: &ClientSnapshot) -> Vec<Refusal> {
        let mut after = self.client.settings.clone();
        plan::acceptable_scopes(&mut after, seen.servers);
        client_rules::refusals(described.client, &described.secret(), &after, seen.servers)
    }
}

/// The settings of a client after these fixes, in their order.
#[must_use]
pub fn fixed(client: &AppClient, fixes: &[Fix], servers: &[ResourceServer]) -> ClientSettings {
    let mut after = client.settings.clone();
    for fix in fixes {
        // Only changes of settings are among the fixes of a choice.
        let _ = fix.change(&mut after, servers);
    }
    after
}
