//! Ids and secrets, with Cognito's alphabets and lengths.

use aws_lc_rs::rand as system;

use super::errors::ApiError;

const DIGITS_AND_LOWER: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const DIGITS_AND_LETTERS: &[u8; 62] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE_32: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

/// The source of ids and secrets: the system's generator, or a seed, so that tests get the same ones in each run.
pub struct Ids {
    seeded: Option<fastrand::Rng>,
}

impl Ids {
    pub fn new(seed: Option<u64>) -> Self {
        Self {
            seeded: seed.map(fastrand::Rng::with_seed),
        }
    }

    /// Generates `<region>_` and nine letters or digits.
    pub fn pool(&mut self, region: &str) -> Result<String, ApiError> {
        Ok(format!("{region}_{}", self.text(DIGITS_AND_LETTERS, 9)?))
    }

    /// Generates 26 digits of base 32.
    pub fn client(&mut self) -> Result<String, ApiError> {
        self.text(BASE_32, 26)
    }

    /// Generates a number of 256 bits in base 32, without leading zeros: 52 characters if the top bit is set, else 51.
    pub fn secret(&mut self) -> Result<String, ApiError> {
        let top = if self.byte()? & 1 == 1 { "1" } else { "" };
        Ok(format!("{top}{}", self.text(BASE_32, 51)?))
    }

    /// Generates CloudFront's name of the distribution behind a custom domain.
    pub fn cloudfront(&mut self) -> Result<String, ApiError> {
        Ok(format!(
            "d{}.cloudfront.net",
            self.text(DIGITS_AND_LOWER, 13)?
        ))
    }

    /// Generates a version 4 UUID: the id of a version in Secrets Manager.
    pub fn version(&mut self) -> Result<String, ApiError> {
        let mut bytes = [0; 16];
        self.fill(&mut bytes)?;
        Ok(uuid(u128::from_be_bytes(bytes)))
    }

    /// Generates the six letters at the end of an ARN in Secrets Manager.
    pub fn arn_end(&mut self) -> Result<String, ApiError> {
        self.text(DIGITS_AND_LETTERS, 6)
    }

    /// Generates a key that only this process knows.
    pub fn key(&mut self) -> Result<[u8; 32], ApiError> {
        let mut key = [0; 32];
        self.fill(&mut key)?;
        Ok(key)
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> Result<String, ApiError> {
        // Bytes past the last whole multiple are discarded: they would favour the first letters.
        let even = 256 - 256 % alphabet.len();
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let byte = usize::from(self.byte()?);
            let letter = alphabet.get(byte % alphabet.len()).filter(|_| byte < even);
            text.extend(letter.map(|letter| char::from(*letter)));
        }
        Ok(text)
    }

    fn byte(&mut self) -> Result<u8, ApiError> {
        let mut byte = [0];
        self.fill(&mut byte)?;
        Ok(u8::from_be_bytes(byte))
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), ApiError> {
        match &mut self.seeded {
            Some(seeded) => {
                seeded.fill(bytes);
                Ok(())
            }
            None => system::fill(bytes).map_err(|_| ApiError::internal("no randomness")),
        }
    }
}

/// Generates an id for a request, as in `x-amzn-requestid`. It is not secret and identifies only this response.
pub fn request_id() -> String {
    uuid(fastrand::u128(..))
}

/// Formats random bits as a version 4 UUID.
pub fn uuid(number: u128) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        (number >> 96) & 0xffff_ffff,
        (number >> 80) & 0xffff,
        (number >> 64) & 0xfff,
        (number >> 48) & 0x3fff | 0x8000,
        number & 0xffff_ffff_ffff,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_of(text: &str, alphabet: &[u8]) -> bool {
        text.bytes().all(|byte| alphabet.contains(&byte))
    }

    #[test]
    fn ids_have_the_shape_of_cognitos() {
        let mut ids = Ids::new(None);
        for _ in 0..100 {
            let pool = ids.pool("eu-west-1").unwrap();
            let random = pool.strip_prefix("eu-west-1_").unwrap();
            assert!(random.len() == 9 && made_of(random, DIGITS_AND_LETTERS));
            let client = ids.client().unwrap();
            assert!(client.len() == 26 && made_of(&client, BASE_32));
            let secret = ids.secret().unwrap();
            assert!([51, 52].contains(&secret.len()) && made_of(&secret, BASE_32));
        }
        assert_eq!(request_id().len(), 36);
    }

    #[test]
    fn a_seed_gives_the_same_ids_again_and_no_seed_never_does() {
        let twice = |seed| {
            let secret = || Ids::new(seed).secret().unwrap();
            (secret(), secret())
        };
        let (first, second) = twice(Some(7));
        assert_eq!(first, second);
        let (first, second) = twice(None);
        assert_ne!(first, second);
    }
}
