//! Text as a recipe: a recipe that reads back as itself, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use studio::recipe::Recipe;

fuzz_target!(|text: &str| {
    if let Ok(recipe) = serde_json::from_str::<Recipe>(text) {
        let json = serde_json::to_string(&recipe).expect("a recipe becomes JSON");
        assert_eq!(serde_json::from_str::<Recipe>(&json).expect("and comes back"), recipe);
    }
});
