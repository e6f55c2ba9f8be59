//! Creates, updates and deletes user pools.

use aws_sdk_cognitoidentityprovider::types::{
    AdminCreateUserConfigType, DeletionProtectionType, UserPoolTierType, UsernameAttributeType,
};

use crate::cognito::api::pool_update;
use crate::cognito::error::Error;
use crate::cognito::gateway::Gateway;
use crate::cognito::sdk::convert::{self, required};
use crate::cognito::sdk::json_body::{self, Members, ResponseBody};
use crate::cognito::sdk::retry::{made_once, may_have_created};
use crate::domain::ids::PoolId;
use crate::domain::pool::{NewPool, UserPool};

impl Gateway {
    /// `CreateUserPool`, with set fields only. Names are not unique, so a call with a lost response is not retried.
    pub async fn create_pool(&self, new: &NewPool) -> Result<UserPool, Error> {
        const OPERATION: &str = "CreateUserPool";
        let admin = new.admin_create_only.then(|| {
            AdminCreateUserConfigType::builder()
                .allow_admin_create_user_only(true)
                .build()
        });
        // An empty list is not sent.
        let attributes = new.username_attributes.iter();
        let attributes: Vec<UsernameAttributeType> =
            attributes.map(|word| word.as_str().into()).collect();
        let attributes = Some(attributes).filter(|attributes| !attributes.is_empty());
        let tags = (!new.tags.is_empty()).then(|| new.tags.clone().into_iter().collect());
        let call = self
            .cognito()
            .create_user_pool()
            .pool_name(&new.name)
            .set_admin_create_user_config(admin)
            .set_deletion_protection(
                new.deletion_protection
                    .then_some(DeletionProtectionType::Active),
            )
            .set_user_pool_tier(new.tier.as_deref().map(UserPoolTierType::from))
            .set_username_attributes(attributes)
            .set_user_pool_tags(tags);
        let answered = ResponseBody::default();
        let reply = call
            .customize()
            .config_override(made_once())
            .interceptor(answered.clone())
            // The SDK's type adds UnusedAccountValidityDays: 0.
            .mutate_request(|request| {
                json_body::edit(request, pool_update::drop_unused_account_days);
            })
            .send()
            .await
            .map_err(self.failed(OPERATION, new.name.clone()))
            .map_err(may_have_created)?;
        let made = required(reply.user_pool, OPERATION, &new.name).map_err(may_have_created)?;
        let id = required(made.id.clone(), OPERATION, &new.name).map_err(may_have_created)?;
        let raw = required(answered.object("UserPool"), OPERATION, &new.name);
        let mut pool = convert::user_pool(&PoolId::new(id), made);
        pool_update::complete(&mut pool, &raw.map_err(may_have_created)?, OPERATION)
            .map_err(may_have_created)?;
        Ok(pool)
    }

    /// `DescribeUserPool`.
    pub async fn pool(&self, pool: &PoolId) -> Result<UserPool, Error> {
        Ok(self.described_pool(pool).await?.0)
    }

    /// The same, with all known settings under the API's names.
    pub async fn pool_and_settings(
        &self,
        pool: &PoolId,
    ) -> Result<(UserPool, serde_json::Map<String, serde_json::Value>), Error> {
        let (pool, described) = self.described_pool(pool).await?;
        Ok((pool, pool_update::known(&described)))
    }

    /// Turns deletion protection on or off and keeps all other settings: reads the pool again, compares it with what was `seen`, and
    /// sends all settings back, since `UpdateUserPool` resets what is not sent. Sends nothing if it is already set. The response does
    /// not describe the pool.
    ///
    /// # Errors
    /// [`crate::cognito::ErrorKind::Changed`], with nothing written, if the pool was modified after it was `seen`.
    pub async fn set_deletion_protection(&self, seen: &UserPool, on: bool) -> Result<(), Error> {
        const OPERATION: &str = "UpdateUserPool";
        let pool = &seen.id;
        let (now, described) = self.described_pool(pool).await?;
        if now.modified != seen.modified || now.other != seen.other {
            let detail = "the user pool differs from what was read";
            return Err(self.changed(OPERATION, detail, pool.as_str()));
        }
        if now.deletion_protection == Some(on) {
            return Ok(());
        }
        let mut update = pool_update::unchanged(pool, described);
        let word = if on { "ACTIVE" } else { "INACTIVE" };
        update.insert(
            "DeletionProtection".to_owned(),
            json_body::raw(&word.into()),
        );
        self.cognito()
            .update_user_pool()
            .user_pool_id(pool.as_str())
            .customize()
            .mutate_request(move |request| json_body::send(request, &update))
            .send()
            .await
            .map_err(self.failed(OPERATION, pool.to_string()))?;
        Ok(())
    }

    /// `DescribeUserPool`, with the raw JSON: the SDK's types drop unknown members and turn missing ones into zeros.
    async fn described_pool(&self, pool: &PoolId) -> Result<(UserPool, Members), Error> {
        const OPERATION: &str = "DescribeUserPool";
        let answered = ResponseBody::default();
        let reply = self
            .cognito()
            .describe_user_pool()
            .user_pool_id(pool.as_str())
            .customize()
            .interceptor(answered.clone())
            .send()
            .await
            .map_err(self.failed(OPERATION, pool.to_string()))?;
        let typed = required(reply.user_pool, OPERATION, pool.as_str())?;
        let raw = answered.object("UserPool");
        let raw = required(raw, OPERATION, pool.as_str())?;
        let mut described = convert::user_pool(pool, typed);
        pool_update::complete(&mut described, &raw, OPERATION)?;
        Ok((described, raw))
    }

    /// `DeleteUserPool`. Cognito refuses while deletion protection is on or the pool has a domain.
    pub async fn delete_pool(&self, pool: &PoolId) -> Result<(), Error> {
        let call = self
            .cognito()
            .delete_user_pool()
            .user_pool_id(pool.as_str());
        call.send()
            .await
            .map_err(self.failed("DeleteUserPool", pool.to_string()))?;
        Ok(())
    }
}
