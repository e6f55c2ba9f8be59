//! Checks the settings of an app client against Cognito's rules.

use super::aws_rules::Rule;
use super::client::{AppClient, CLIENT_TOKEN_FLOW, ClientSettings, OAuthFlow};
use super::limits;
use super::new_client::{Field, NewClient, Severity};
use super::objection::Objection;
use super::resource_server::ResourceServer;
use super::secret::SecretState;

/// The values of `ExplicitAuthFlows`, the last of which the API's own model does not list.
pub const EXPLICIT_AUTH_FLOWS: [&str; 9] = [
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
    "ALLOW_TOKEN_EXCHANGE_DELEGATION",
    CLIENT_TOKEN_FLOW,
];
/// Where users may come back to without TLS.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The setting that a [`Refusal`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    Name,
    OAuth,
    Flows,
    Scopes,
    AccessToken,
    IdToken,
    RefreshToken,
    ExplicitAuthFlows,
    CallbackUrls,
    LogoutUrls,
}

/// What Cognito would refuse, or what a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub setting: Setting,
    pub objection: Objection,
    /// The rule of AWS that says so; `None` of a warning.
    pub rule: Option<Rule>,
}

/// Everything that speaks against giving `client` the settings `after`, in the order of the form. `secret` is what is known of the
/// client's secret, `servers` are the pool's resource servers. Of what the client has already only the scopes are judged again, as Cognito does it.
#[must_use]
pub fn refusals(
    client: &AppClient,
    secret: &SecretState,
    after: &ClientSettings,
    servers: &[ResourceServer],
) -> Vec<Refusal> {
    let problems = as_new(secret, after).problems(servers, &[]);
    let errors = problems
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error);
    let mut found: Vec<Refusal> = errors
        .map(|problem| Refusal {
            setting: setting(problem.field),
            objection: problem.objection,
            rule: problem.rule,
        })
        .collect();
    // Where it is not known whether there is a secret, Cognito decides.
    if after.is_m2m() && secret.is_public() {
        // Of a client that is there it is the flow that is wrong: it can't get a secret any more.
        found.retain(|one| one.rule != Some(Rule::MachineNeedsSecret));
        found.push(refusal(
            Setting::Flows,
            Rule::MachineNeedsSecret,
            Objection::new(
                "client_credentials needs a client secret, and this public client cannot get one",
                "Create a new client.",
            ),
        ));
    }
    let others = [
        (after.id_token.seconds())
            .and_then(|life| limits::id_token_validity(life).err())
            .filter(|_| after.id_token != client.settings.id_token)
            .map(|wrong| refusal(Setting::IdToken, Rule::IdLife, wrong)),
        (after.refresh_token.seconds())
            .and_then(|life| limits::refresh_token_validity(life).err())
            .filter(|_| after.refresh_token != client.settings.refresh_token)
            .map(|wrong| refusal(Setting::RefreshToken, Rule::RefreshLife, wrong)),
        explicit(&after.explicit_auth_flows)
            .map(|wrong| refusal(Setting::ExplicitAuthFlows, Rule::AuthFlowKinds, wrong)),
        callbacks(after).map(|(rule, wrong)| refusal(Setting::CallbackUrls, rule, wrong)),
        urls(&after.callback_urls).map(|(rule, wrong)| refusal(Setting::CallbackUrls, rule, wrong)),
        urls(&after.logout_urls).map(|(rule, wrong)| refusal(Setting::LogoutUrls, rule, wrong)),
    ];
    found.extend(others.into_iter().flatten());
    found
}

/// What Cognito is not known to refuse, and what spoils the client: it decides.
#[must_use]
pub fn warnings(after: &ClientSettings) -> Vec<Refusal> {
    let flows = &after.explicit_auth_flows;
    let mixed = flows.len() > 1 && flows.iter().any(|flow| flow == CLIENT_TOKEN_FLOW);
    let mixed = mixed.then(|| Refusal {
        setting: Setting::ExplicitAuthFlows,
        objection: Objection::new(
            format!("GetClientToken needs {CLIENT_TOKEN_FLOW} and nothing else"),
            "Uncheck the others.",
        ),
        rule: None,
    });
    mixed.into_iter().collect()
}

fn refusal(setting: Setting, rule: Rule, objection: Objection) -> Refusal {
    Refusal {
        setting,
        objection,
        rule: Some(rule),
    }
}

fn setting(field: Field) -> Setting {
    match field {
        Field::Name => Setting::Name,
        Field::OAuth => Setting::OAuth,
        Field::Secret | Field::Flows => Setting::Flows,
        Field::Scopes => Setting::Scopes,
        Field::CallbackUrls => Setting::CallbackUrls,
        Field::AccessToken => Setting::AccessToken,
    }
}

/// What a client would have to be made as, to be judged by the same rules.
fn as_new(secret: &SecretState, after: &ClientSettings) -> NewClient {
    NewClient {
        name: after.name.clone(),
        generate_secret: !secret.is_public(),
        oauth_enabled: after.oauth_enabled,
        // Switched off, the flows are at rest, and a machine's are no mistake.
        flows: if after.oauth_enabled {
            after.flows.clone()
        } else {
            Vec::new()
        },
        scopes: after.scopes.clone(),
        callback_urls: after.callback_urls.clone(),
        logout_urls: after.logout_urls.clone(),
        access_token: Some(after.access_token),
        ..NewClient::default()
    }
}

fn explicit(flows: &[String]) -> Option<Objection> {
    let is_new = |flow: &String| flow.starts_with("ALLOW_");
    (flows.iter().any(is_new) && !flows.iter().all(is_new)).then(|| {
        Objection::new(
            "Values that begin with ALLOW_ cannot be mixed with the older ones",
            "Uncheck the one or the other kind.",
        )
    })
}

fn callbacks(after: &ClientSettings) -> Option<(Rule, Objection)> {
    let signs_in = after
        .flows
        .iter()
        .any(|flow| matches!(flow, OAuthFlow::Code | OAuthFlow::Implicit));
    if signs_in && after.callback_urls.is_empty() {
        return Some((
            Rule::SignInNeedsCallback,
            Objection::new("Code and implicit need a callback URL", "Add one."),
        ));
    }
    let default = after.default_redirect_uri.as_ref()?;
    (!after.callback_urls.contains(default)).then(|| {
        let what = format!("The default redirect URI {default} must be among the callback URLs");
        (Rule::DefaultRedirect, Objection::new(what, "Leave it in."))
    })
}

fn urls(urls: &[String]) -> Option<(Rule, Objection)> {
    if urls.len() > limits::URLS_PER_CLIENT {
        let what = format!(
            "A client can have {} URLs, these are {}",
            limits::URLS_PER_CLIENT,
            urls.len()
        );
        return Some((Rule::UrlsPerClient, Objection::new(what, "Remove some.")));
    }
    urls.iter().find_map(|url| {
        if let Err(objection) = limits::url(url) {
            return Some((Rule::Url, objection));
        }
        let host = url.strip_prefix("http://")?;
        let local = LOCAL.iter().any(|local| {
            host.strip_prefix(local)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
        });
        (!local).then(|| {
            let what = format!("{url} has no TLS, which only localhost may omit");
            (Rule::UrlWithoutTls, Objection::new(what, "Use https."))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::tests::client;
    use crate::domain::new_client::machine_auth_server;
    use crate::domain::secret::DescribedSecret;

    /// What is said against a change of a machine's client.
    fn against(change: impl FnOnce(&mut ClientSettings)) -> Vec<(Setting, Objection)> {
        let client = client(&["api/admin"]);
        let mut after = client.settings.clone();
        change(&mut after);
        refusals(
            &client,
            &SecretState::Shown,
            &after,
            &[machine_auth_server()],
        )
        .into_iter()
        .map(|refusal| (refusal.setting, refusal.objection))
        .collect()
    }

    #[track_caller]
    fn refused(change: impl FnOnce(&mut ClientSettings), setting: Setting, words: &str) {
        let found = against(change);
        assert!(found.iter().all(|(_, one)| one.is_whole()), "{found:?}");
        assert!(
            found
                .iter()
                .any(|(of, objection)| *of == setting && objection.to_string().contains(words)),
            "{found:?}"
        );
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn nothing_speaks_against_a_client_as_it_is() {
        assert_eq!(against(|_| {}), []);
    }

    #[test]
    fn each_mistake_is_told_at_its_setting() {
        refused(|set| set.name.clear(), Setting::Name, "empty");
        refused(|set| set.flows.clear(), Setting::Flows, "at least one flow");
        refused(
            |set| set.flows.push(OAuthFlow::Code),
            Setting::Flows,
            "cannot be combined",
        );
        refused(
            |set| set.scopes.clear(),
            Setting::Scopes,
            "at least one scope",
        );
        refused(
            |set| set.access_token.value = 25,
            Setting::AccessToken,
            "24 hours",
        );
        refused(|set| set.id_token.value = 25, Setting::IdToken, "24 hours");
        refused(
            |set| set.refresh_token.value = 0,
            Setting::RefreshToken,
            "1 hour",
        );
        refused(
            |set| set.explicit_auth_flows = words(&["ALLOW_USER_AUTH", "ADMIN_NO_SRP_AUTH"]),
            Setting::ExplicitAuthFlows,
            "older",
        );
        // No rule of AWS is known for it: a warning.
        let mixed = words(&["ALLOW_USER_AUTH", CLIENT_TOKEN_FLOW]);
        assert_eq!(
            against(|set| set.explicit_auth_flows.clone_from(&mixed)),
            []
        );
        let mut after = client(&["api/admin"]).settings;
        after.explicit_auth_flows = mixed;
        assert!(warnings(&after)[0].objection.what.contains("nothing else"));
        refused(
            |set| set.flows = vec![OAuthFlow::Code],
            Setting::CallbackUrls,
            "need a callback URL",
        );
        refused(
            |set| set.default_redirect_uri = Some("https://a".to_owned()),
            Setting::CallbackUrls,
            "https://a must be among",
        );
        refused(
            |set| set.logout_urls = words(&["http://localhost.example.com"]),
            Setting::LogoutUrls,
            "Use https",
        );
    }

    #[test]
    fn a_client_without_a_secret_can_never_be_a_machine() {
        let mut public = client(&["api/admin"]);
        public.secret = DescribedSecret::Absent;
        let after = public.settings.clone();
        let found = refusals(
            &public,
            &SecretState::None,
            &after,
            &[machine_auth_server()],
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].setting, Setting::Flows);
        assert!(found[0].objection.way_out.contains("new client"));
    }

    #[test]
    fn localhost_needs_no_tls() {
        let urls = words(&[
            "http://localhost:3000/back",
            "http://127.0.0.1",
            "myapp://back",
        ]);
        assert_eq!(against(|set| set.callback_urls = urls), []);
    }
}
