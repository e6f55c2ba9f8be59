//! Multi-factor authentication of a pool.

use serde_json::{Value, json};

use super::api::{Api, with};

struct Factors {
    api: Api,
    key: Value,
}

impl Factors {
    async fn new() -> Self {
        let api = Api::start().await;
        let key = json!({"UserPoolId": api.pool("p").await});
        Self { api, key }
    }

    async fn set(&self, factors: Value) -> Value {
        let told = self.try_set(factors).await.unwrap();
        assert_eq!(told, self.get().await, "both tell the same");
        told
    }

    async fn try_set(&self, factors: Value) -> Result<Value, String> {
        let input = with(&self.key, &factors);
        self.api.call("SetUserPoolMfaConfig", input).await
    }

    async fn get(&self) -> Value {
        self.api.ok("GetUserPoolMfaConfig", self.key.clone()).await
    }

    async fn described(&self) -> Value {
        let mut answer = self.api.ok("DescribeUserPool", self.key.clone()).await;
        answer["UserPool"].take()
    }
}

fn software() -> Value {
    json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true}})
}

#[tokio::test]
async fn a_new_pool_has_none() {
    let factors = Factors::new().await;
    assert_eq!(factors.get().await, json!({"MfaConfiguration": "OFF"}));
    assert_eq!(
        factors.set(json!({"MfaConfiguration": "OFF"})).await,
        json!({"MfaConfiguration": "OFF"})
    );
}

#[tokio::test]
async fn factors_are_replaced_and_the_pool_tells_of_its_own_settings() {
    let factors = Factors::new().await;
    assert_eq!(factors.set(software()).await, software());
    assert_eq!(factors.described().await["MfaConfiguration"], "OPTIONAL");
    let email =
        json!({"MfaConfiguration": "ON", "EmailMfaConfiguration": {"Subject": "Your code"}});
    assert_eq!(factors.set(email.clone()).await, email);
    let sms = json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}});
    let by_sms = json!({"MfaConfiguration": "ON", "SmsMfaConfiguration": sms});
    assert_eq!(factors.set(by_sms.clone()).await, by_sms);
    let pool = factors.described().await;
    assert_eq!(pool["SmsConfiguration"], sms["SmsConfiguration"]);
    for member in pool.as_object().unwrap().keys() {
        assert!(!member.ends_with("MfaConfiguration") || member == "MfaConfiguration");
    }
}

#[tokio::test]
async fn a_factor_and_no_mfa_exclude_each_other() {
    let factors = Factors::new().await;
    let off = json!({"MfaConfiguration": "OFF"});
    let sms = json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}});
    for factor in [
        json!({"EmailMfaConfiguration": {}}),
        json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}}),
        json!({"SmsMfaConfiguration": sms}),
    ] {
        for input in [with(&off, &factor), factor] {
            assert_eq!(
                factors.try_set(input).await.unwrap_err(),
                "InvalidParameterException: Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
            );
        }
    }
    for mode in ["ON", "OPTIONAL"] {
        for factor in [
            json!({}),
            json!({"SoftwareTokenMfaConfiguration": {"Enabled": false}}),
            json!({"WebAuthnConfiguration": {"UserVerification": "required"}}),
        ] {
            let input = with(&factor, &json!({"MfaConfiguration": mode}));
            assert_eq!(
                factors.try_set(input).await.unwrap_err(),
                "InvalidParameterException: Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must \
                 be enabled."
            );
        }
    }
    assert_eq!(factors.get().await, off, "a refusal changes nothing");
}

#[tokio::test]
async fn passkeys_are_no_factor_and_stay() {
    let factors = Factors::new().await;
    let passkeys = json!({"WebAuthnConfiguration": {"RelyingPartyId": "acme.example", "UserVerification": "required"}});
    let off = with(&passkeys, &json!({"MfaConfiguration": "OFF"}));
    assert_eq!(factors.set(passkeys.clone()).await, off);
    assert_eq!(factors.set(off.clone()).await, off);
    assert_eq!(factors.set(software()).await, with(&software(), &passkeys));
    assert_eq!(factors.set(json!({"MfaConfiguration": "OFF"})).await, off);
}

#[tokio::test]
async fn an_update_goes_on_with_factors_and_turns_none_on() {
    let factors = Factors::new().await;
    let update = |mode: &str| with(&factors.key, &json!({"MfaConfiguration": mode}));
    assert_eq!(
        factors.api.refused("UpdateUserPool", update("ON")).await,
        "InvalidParameterException: Cannot turn MFA functionality ON, once the user pool has been created."
    );
    let on = with(&software(), &json!({"MfaConfiguration": "ON"}));
    factors.set(on.clone()).await;
    factors.api.ok("UpdateUserPool", update("ON")).await;
    assert_eq!(factors.get().await, on);
}
