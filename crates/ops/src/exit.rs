use fault::Class;

/// The exit code of a process that ends with an error of this class. 70 is EX_SOFTWARE of
/// sysexits.h; 2 is what argument parsers use.
pub fn exit_code(class: Class) -> u8 {
    match class {
        Class::User => 2,
        Class::Transient => 3,
        Class::Permanent => 4,
        Class::Bug => 70,
    }
}
