//! User pools.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::assumptions::Assumption;
use super::super::errors::ApiError;
use super::super::quota;
use super::super::secrets_manager::Stored;
use super::super::shared::{Shared, unpoisoned};
use super::super::state::{Pool, State};
use super::pool_settings::{self, FIXED, KEPT};
use super::{Answer, Call, Input, later, mfa, pool_of, settings};

/// Members of a request that are not settings, or are stored elsewhere.
const APART: [&str; 4] = ["UserPoolId", "PoolName", "UserPoolTags", "Schema"];

pub fn list(call: &mut Call<'_>) -> Answer {
    let newest_first = call.shared.assumes(Assumption::PoolsNewestFirst);
    let place = |pool: &Pool| {
        // The later its date, the smaller the number.
        let age = if newest_first {
            1e11 - pool.modified
        } else {
            0.0
        };
        format!("{age:016.3} {}", pool.id)
    };
    let pools: Vec<(String, &Pool)> = call
        .state
        .pools
        .values()
        .map(|pool| (place(pool), pool))
        .collect();
    let page = call.shared.pager.page(
        "ListUserPools",
        &pools,
        |(place, _)| place,
        call.input.given("NextToken"),
        call.input.page_size(60),
    )?;
    Ok(page.answer("UserPools", |(_, pool)| {
        json!({
            "Id": pool.id,
            "Name": pool.name,
            "LambdaConfig": pool.settings.get("LambdaConfig").cloned().unwrap_or_else(|| json!({})),
            "CreationDate": pool.created,
            "LastModifiedDate": pool.modified,
        })
    }))
}

pub fn describe(call: &mut Call<'_>) -> Answer {
    let pool = call.pool()?.clone();
    Ok(json!({"UserPool": described(call.shared, call.state, &pool)}))
}

pub fn create(call: &mut Call<'_>) -> Answer {
    let input = call.input;
    pool_settings::check_creation(input)?;
    pool_settings::check(input)?;
    let mut given = input.without(&APART);
    given.insert(
        "SchemaAttributes".to_owned(),
        settings::schema(input.items("Schema")),
    );
    let settings = settings::pool(given);
    pool_settings::check_tier(&settings, None)?;
    let tags = tags(input);
    pool_settings::check_tags(tags.keys())?;
    if call.state.pools.len() >= quota::POOLS {
        return Err(ApiError::limit(format!(
            "The maximum number of user pools, {}, is reached.",
            quota::POOLS
        )));
    }
    let pool = Pool {
        id: unpoisoned(&call.shared.ids).pool(&call.shared.region)?,
        name: input.text("PoolName").to_owned(),
        created: call.now,
        modified: call.now,
        settings,
        tags,
        ..Pool::default()
    };
    let answer = json!({"UserPool": described(call.shared, call.state, &pool)});
    call.state.pools.insert(pool.id.clone(), pool);
    Ok(answer)
}

/// Replaces all settings but the fixed ones: an omitted one returns to its default, unless it is one of the few that stay.
pub fn update(call: &mut Call<'_>) -> Answer {
    let (input, now) = (call.input, call.now);
    let keeps_tags = !call.shared.assumes(Assumption::OmittedTagsLost);
    let pool = call.pool()?;
    pool_settings::check(input)?;
    if input.given("MfaConfiguration") == Some("ON") && mfa::mode(pool) != "ON" {
        return Err(ApiError::invalid(
            "Cannot turn MFA functionality ON, once the user pool has been created.",
        ));
    }
    let mut given = input.without(&APART);
    let stays = FIXED
        .iter()
        .chain(KEPT.iter().filter(|name| !input.has(name)));
    given.extend(stays.filter_map(|name| {
        let value = pool.settings.get(*name)?;
        Some(((*name).to_owned(), value.clone()))
    }));
    let settings = settings::pool(given);
    pool_settings::check_tier(&settings, Some(pool_settings::tier(&pool.settings)))?;
    let tags = if keeps_tags && !input.has("UserPoolTags") {
        pool.tags.clone()
    } else {
        tags(input)
    };
    pool_settings::check_tags(tags.keys())?;
    if let Some(name) = input.given("PoolName") {
        name.clone_into(&mut pool.name);
    }
    pool.settings = settings;
    pool.tags = tags;
    pool.modified = later(now, pool.modified);
    Ok(json!({}))
}

/// Deletes a pool, unless deletion protection or a domain prevents it.
pub fn delete(call: &mut Call<'_>) -> Answer {
    let pool = call.pool()?;
    if pool.settings.get("DeletionProtection") == Some(&json!("ACTIVE")) {
        return Err(ApiError::invalid(
            "The user pool cannot be deleted because deletion protection is activated. \
             Deletion protection must be inactivated first.",
        ));
    }
    let id = pool.id.clone();
    if call.state.domains.values().any(|domain| domain.pool == id) {
        return Err(ApiError::invalid(
            "User pool cannot be deleted. It has a domain configured that should be deleted first.",
        ));
    }
    call.state.pools.remove(&id);
    // The managed secrets of its clients are deleted with it.
    let of_pool = |stored: &Stored| stored.owner.as_ref().is_some_and(|owner| owner.pool == id);
    call.state.stored.retain(|_, stored| !of_pool(stored));
    Ok(Value::Null)
}

pub fn list_replicas(call: &mut Call<'_>) -> Answer {
    let (shared, token) = (call.shared, call.input.given("NextToken"));
    let pool = call.pool()?;
    let list = format!("ListUserPoolReplicas {}", pool.id);
    let page = shared
        .pager
        .page(&list, [&*pool], |pool| &pool.id, token, 1)?;
    Ok(page.answer("UserPoolReplicas", |pool| {
        json!({
            "RegionName": shared.region,
            "Status": "ACTIVE",
            "Role": "PRIMARY",
            "UserPoolArn": arn(shared, &pool.id),
        })
    }))
}

/// Returns the pool of an ARN.
pub fn by_arn<'s>(
    shared: &Shared,
    state: &'s mut State,
    arn: &str,
) -> Result<&'s mut Pool, ApiError> {
    let start = self::arn(shared, "");
    match arn.strip_prefix(&start) {
        Some(id) => pool_of(state, id),
        None => Err(ApiError::invalid(format!("Invalid user pool ARN: {arn}"))),
    }
}

fn arn(shared: &Shared, id: &str) -> String {
    let (region, account) = (&shared.region, &shared.account);
    format!("arn:aws:cognito-idp:{region}:{account}:userpool/{id}")
}

fn tags(input: Input<'_>) -> BTreeMap<String, String> {
    let tags = input.inside("UserPoolTags").map(|tags| tags.without(&[]));
    texts(tags.unwrap_or_default())
}

/// Converts a validated map of texts.
pub fn texts(map: Map<String, Value>) -> BTreeMap<String, String> {
    map.into_iter()
        .filter_map(|(key, value)| Some((key, value.as_str()?.to_owned())))
        .collect()
}

/// Returns a pool in DescribeUserPool's form: one domain of each kind.
fn described(shared: &Shared, state: &State, pool: &Pool) -> Value {
    let mut described = pool.settings.clone();
    let levels = pool_settings::acr_levels(described.get("AcrConfiguration"));
    let mut put = |name: &str, value: Value| described.insert(name.to_owned(), value);
    put("Id", json!(pool.id));
    put("Name", json!(pool.name));
    put("Arn", json!(arn(shared, &pool.id)));
    put("CreationDate", json!(pool.created));
    put("LastModifiedDate", json!(pool.modified));
    put("UserPoolTags", json!(pool.tags));
    put("AcrConfiguration", Value::Object(levels));
    for (name, domain) in &state.domains {
        if domain.pool == pool.id {
            let custom = domain.certificate_arn.is_some();
            put(if custom { "CustomDomain" } else { "Domain" }, json!(name));
        }
    }
    described
        .entry("EstimatedNumberOfUsers")
        .or_insert(json!(0));
    Value::Object(described)
}
