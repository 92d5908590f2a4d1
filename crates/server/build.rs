//! Puts the pages of the browser, as they are built in `web/dist`, into the program.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    let mut names: Vec<String> = fs::read_dir(&dist)
        .unwrap_or_else(|error| panic!("{}: {error}", dist.display()))
        .map(|entry| entry.expect("a folder that can be read").file_name())
        .map(|name| name.into_string().expect("a name in plain letters"))
        .collect();
    names.sort();
    let mut table = String::from("const FILES: &[File] = &[\n");
    for name in names {
        let path = dist.join(&name);
        println!("cargo::rerun-if-changed={}", path.display());
        let bytes = fs::read(&path).expect("a file of the pages");
        let small = out.join(format!("{name}.gz"));
        // No name and no time: the same bytes each time.
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&bytes).expect("memory takes all");
        fs::write(&small, gzip.finish().expect("memory takes all")).expect("a folder to write to");
        let path = path.canonicalize().expect("a file that was read");
        writeln!(
            table,
            "    File {{ name: {name:?}, sum: {:#x}, plain: include_bytes!({path:?}), \
             small: include_bytes!({small:?}) }},",
            crc32fast::hash(&bytes),
        )
        .expect("a text takes all");
    }
    table.push_str("];\n");
    fs::write(out.join("pages.rs"), table).expect("a folder to write to");
}
