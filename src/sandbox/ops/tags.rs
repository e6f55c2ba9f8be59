//! Tags. Only pools have them.

use serde_json::json;

use super::pools::{by_arn, texts};
use super::{Answer, Call, pool_settings};

pub fn tag(call: &mut Call<'_>) -> Answer {
    let input = call.input;
    let pool = by_arn(call.shared, call.state, input.text("ResourceArn"))?;
    let mut tags = pool.tags.clone();
    tags.extend(texts(
        input
            .inside("Tags")
            .map(|tags| tags.without(&[]))
            .unwrap_or_default(),
    ));
    pool_settings::check_tags(tags.keys())?;
    pool.tags = tags;
    Ok(json!({}))
}

pub fn untag(call: &mut Call<'_>) -> Answer {
    let input = call.input;
    let pool = by_arn(call.shared, call.state, input.text("ResourceArn"))?;
    for key in input.texts("TagKeys") {
        pool.tags.remove(key);
    }
    Ok(json!({}))
}

pub fn list(call: &mut Call<'_>) -> Answer {
    let pool = by_arn(call.shared, call.state, call.input.text("ResourceArn"))?;
    Ok(json!({"Tags": pool.tags}))
}
