//! Where roots may be.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use library::{Allowed, Error};

use crate::house::House;

fn is_refused(house: &House, folder: &Path, allowed: &Allowed) -> bool {
    match house.library.add_root_within(folder, allowed) {
        Ok(root) => {
            house.library.remove_root(root.id).unwrap();
            false
        }
        Err(Error::NotARoot { .. }) => true,
        Err(error) => panic!("{}: {error}", folder.display()),
    }
}

#[test]
fn a_home_and_what_holds_it_are_no_roots_and_a_folder_in_it_is() {
    let house = House::new();
    let home = house.dir.path().join("people/me");
    let music = home.join("Music");
    fs::create_dir_all(&music).unwrap();
    let allowed = Allowed { home: Some(home.clone()), parents: None };
    assert!(is_refused(&house, &home, &allowed));
    assert!(is_refused(&house, home.parent().unwrap(), &allowed));
    assert!(!is_refused(&house, &music, &allowed));
    // Under another name it is the same folder.
    let link = house.dir.path().join("link");
    symlink(&home, &link).unwrap();
    assert!(is_refused(&house, &link, &allowed));
    let linked = Allowed { home: Some(link), parents: None };
    assert!(is_refused(&house, &home, &linked));
}

#[test]
fn the_machines_own_folders_are_no_roots_nor_are_those_in_them() {
    let house = House::new();
    for folder in ["/", "/etc", "/etc/ssl", "/proc/self", "/dev", "/sys", "/usr", "/var", "/run"] {
        if Path::new(folder).exists() {
            assert!(is_refused(&house, Path::new(folder), &Allowed::default()), "{folder}");
        }
    }
    if Path::new("/home").exists() {
        assert!(is_refused(&house, Path::new("/home"), &Allowed::default()));
    }
}

#[test]
fn credentials_are_never_in_a_root_whichever_folder_is_asked_for() {
    for hidden in [".ssh", ".gnupg", ".aws", ".netrc", ".git-credentials", ".SSH"] {
        let house = House::new();
        let shared = house.dir.path().join("shared");
        let person = shared.join("person");
        fs::create_dir_all(person.join("Music")).unwrap();
        fs::create_dir(person.join(hidden)).unwrap();
        let allowed = Allowed::default();
        assert!(is_refused(&house, &person.join(hidden), &allowed), "{hidden}");
        // A disk that knows capitals keeps these apart.
        if hidden != ".SSH" {
            assert!(is_refused(&house, &person, &allowed), "{hidden}");
            assert!(is_refused(&house, &shared, &allowed), "{hidden}");
        }
        assert!(!is_refused(&house, &person.join("Music"), &allowed), "{hidden}");
        symlink(person.join(hidden), shared.join("songs")).unwrap();
        assert!(is_refused(&house, &shared.join("songs"), &allowed), "{hidden}");
    }
}

#[test]
fn what_is_asked_from_outside_lies_in_a_configured_folder() {
    let house = House::new();
    let (disk, other) = (house.dir.path().join("disk"), house.dir.path().join("disk-2"));
    for folder in [disk.join("Albums/Jazz"), other.clone()] {
        fs::create_dir_all(folder).unwrap();
    }
    let allowed = Allowed { home: None, parents: Some(vec![disk.clone()]) };
    assert!(!is_refused(&house, &disk, &allowed));
    assert!(!is_refused(&house, &disk.join("Albums/Jazz"), &allowed));
    assert!(is_refused(&house, &other, &allowed));
    assert!(is_refused(&house, &disk.join("Albums/../../disk-2"), &allowed));
    assert!(is_refused(&house, house.dir.path(), &allowed));
    symlink(&other, disk.join("out")).unwrap();
    assert!(is_refused(&house, &disk.join("out"), &allowed));
    let nowhere = Allowed { home: None, parents: Some(Vec::new()) };
    assert!(is_refused(&house, &disk, &nowhere));
}
