//! The RSA keys of the pools: created when first needed, kept in the state, published as a JWKS.
//!
//! A pool has two, as on AWS: one signs ID tokens, the other access tokens. Tokens of machines are signed only with the second,
//! but a verifier that takes "the" key of a JWKS instead of the one that `kid` names fails here as on AWS.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;

use super::shared::Shared;
use super::state::{Pool, SigningKey};

/// Why a key could not be created or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the pool no longer exists")]
    NoPool,
    #[error("an RSA key could not be made")]
    Generation,
    #[error("key {0} in the state is not an RSA key in PKCS#8")]
    Unreadable(String),
    #[error("the token could not be signed")]
    Signature,
}

/// The keys of one pool, ready for use.
#[derive(Debug)]
pub struct PoolKeys {
    pub id: Key,
    pub access: Key,
}

/// An RSA-2048 key pair and its published id.
#[derive(Debug)]
pub struct Key {
    pub kid: String,
    pair: KeyPair,
}

/// A public key in a JWKS, with the members and the order of AWS's.
#[derive(Debug, Serialize)]
pub struct Jwk {
    alg: &'static str,
    e: String,
    kid: String,
    kty: &'static str,
    n: String,
    #[serde(rename = "use")]
    usage: &'static str,
}

/// Returns the keys of a pool. The first call for a pool creates them, off the async threads and without a lock on the state: if
/// two first calls run at once, both use the keys of the one that finishes first.
pub async fn of_pool(shared: &Shared, pool: &str) -> Result<PoolKeys, KeyError> {
    if let Some(keys) = stored(shared.lock().pools.get(pool).ok_or(KeyError::NoPool)?)? {
        return Ok(keys);
    }
    let made = tokio::task::spawn_blocking(|| Ok([generate()?, generate()?]))
        .await
        .map_err(|_| KeyError::Generation)??;
    let mut state = shared.lock();
    let pool = state.pools.get_mut(pool).ok_or(KeyError::NoPool)?;
    if pool.keys.len() < made.len() {
        pool.keys = Vec::from(made);
        shared.touch();
    }
    stored(pool)?.ok_or(KeyError::Generation)
}

fn stored(pool: &Pool) -> Result<Option<PoolKeys>, KeyError> {
    match pool.keys.as_slice() {
        [id, access, ..] => Ok(Some(PoolKeys {
            id: Key::parse(id)?,
            access: Key::parse(access)?,
        })),
        _ => Ok(None),
    }
}

fn generate() -> Result<SigningKey, KeyError> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generation)?;
    let pkcs8 = pair.as_der().map_err(|_| KeyError::Generation)?;
    let mut name = [0; 32];
    rand::fill(&mut name).map_err(|_| KeyError::Generation)?;
    Ok(SigningKey {
        // 44 characters of standard base64 with `=` at the end, as AWS's `kid`s.
        kid: BASE64_STANDARD.encode(name),
        pkcs8: BASE64_STANDARD.encode(pkcs8.as_ref()),
    })
}

impl Key {
    fn parse(key: &SigningKey) -> Result<Self, KeyError> {
        let unreadable = || KeyError::Unreadable(key.kid.clone());
        let pkcs8 = BASE64_STANDARD
            .decode(&key.pkcs8)
            .map_err(|_| unreadable())?;
        Ok(Self {
            kid: key.kid.clone(),
            pair: KeyPair::from_pkcs8(&pkcs8).map_err(|_| unreadable())?,
        })
    }

    /// Signs a token's signing input with RS256 (RSASSA-PKCS1-v1_5 with SHA-256).
    pub fn sign(&self, input: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                input,
                &mut signature,
            )
            .map_err(|_| KeyError::Signature)?;
        Ok(signature)
    }

    /// Returns whether this key made the RS256 signature.
    pub fn verifies(&self, input: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key().as_ref())
            .verify(input, signature)
            .is_ok()
    }

    /// Returns the public key.
    pub fn jwk(&self) -> Jwk {
        let public = self.pair.public_key();
        Jwk {
            alg: "RS256",
            e: BASE64_URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
            kid: self.kid.clone(),
            kty: "RSA",
            n: BASE64_URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            usage: "sig",
        }
    }
}
