//! All clients of a pool, described.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::note_pace;
use crate::cognito::{Error, Gateway, Pace, all_pages};
use crate::domain::client::AppClient;
use crate::domain::ids::PoolId;

/// How many clients are asked for at once.
const SIDE_BY_SIDE: usize = 8;

/// All clients of a pool with their settings, in the order they are listed in.
pub(super) async fn described(
    gateway: &Gateway,
    pool: &PoolId,
    pace: &Pace,
) -> Result<Vec<AppClient>, Error> {
    let listed = all_pages(|next| gateway.clients(pool, next)).await?;
    note_pace(pace, listed.len());
    stream::iter(listed)
        .map(|client| async move {
            pace.turn(pool, "DescribeUserPoolClient").await;
            gateway.client(pool, &client.id).await
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await
}
