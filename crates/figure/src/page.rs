use crate::{Chart, Table, escape};

/// How a report ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All that was asked is there.
    Pass(String),
    /// Something is not, and what.
    Fail(String),
}

/// One HTML file: style and pictures inside, nothing fetched, readable without scripts. Only
/// [`Page::live`] adds one.
#[derive(Debug, Clone)]
pub struct Page {
    title: String,
    body: String,
}

impl Page {
    /// A page with its heading and a line under it.
    pub fn new(title: &str, subtitle: &str) -> Self {
        let body = format!(
            "<header><h1>{}</h1><p class=\"sub\">{}</p></header>\n",
            escape(title),
            escape(subtitle)
        );
        Self { title: title.to_owned(), body }
    }

    /// The verdict, large.
    pub fn verdict(mut self, verdict: &Verdict) -> Self {
        let (class, word, text) = match verdict {
            Verdict::Pass(text) => ("pass", "Pass", text),
            Verdict::Fail(text) => ("fail", "Fail", text),
        };
        self.body += &format!("<p class=\"verdict {class}\"><b>{word}</b> {}</p>\n", escape(text));
        self
    }

    /// A heading.
    pub fn heading(mut self, text: &str) -> Self {
        self.body += &format!("<h2>{}</h2>\n", escape(text));
        self
    }

    /// A paragraph.
    pub fn text(mut self, text: &str) -> Self {
        self.body += &format!("<p>{}</p>\n", escape(text));
        self
    }

    /// A picture with words under it.
    pub fn chart(mut self, chart: &Chart, caption: &str) -> Self {
        self.body += &format!(
            "<figure>\n{}<figcaption>{}</figcaption></figure>\n",
            chart.svg(),
            escape(caption)
        );
        self
    }

    /// A table.
    pub fn table(mut self, table: &Table) -> Self {
        self.body += &table.html();
        self
    }

    /// A part that moves: elements and a script of ours, and JSON for it, which the script finds in
    /// the element `data`. Markup and script are written with the program, never made of what
    /// people typed.
    pub fn live(mut self, markup: &'static str, json: &str, script: &'static str) -> Self {
        // Inside a script element only `<` can end it.
        let json = json.replace('<', "\\u003c");
        self.body += &format!(
            "{markup}<script type=\"application/json\" id=\"data\">{json}</script>\n\
             <script>\n{script}</script>\n"
        );
        self
    }

    /// The whole file.
    pub fn html(&self) -> String {
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{}</main>\n\
             </body>\n</html>\n",
            escape(&self.title),
            self.body
        )
    }
}

/// Dark by default, with a light twin; one accent; tabular figures.
const STYLE: &str = "\
:root{color-scheme:dark light;--bg:#14161a;--fg:#e6e7ea;--dim:#9aa0aa;--grid:#2a2e36;--accent:#7fb4ff;--limit:#ff8a7a;--pass:#7fd69b;\
--p0:#7fb4ff;--p1:#ffb86b;--p2:#9be08f;--p3:#f28ac2;--p4:#c6a7ff;--p5:#6fd6d2;--p6:#ffe07a;--p7:#ff8a7a}\n\
@media (prefers-color-scheme:light){:root{--bg:#fbfbf9;--fg:#1c1e22;--dim:#5d636d;--grid:#dfe1e5;--accent:#1f62b8;--limit:#b3301f;--pass:#1c7a3e;\
--p0:#1f62b8;--p1:#b56100;--p2:#2f7d22;--p3:#b02472;--p4:#6a3fc0;--p5:#0c7a76;--p6:#8a6d00;--p7:#b3301f}}\n\
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}\n\
main{max-width:1000px;margin:0 auto;padding:24px 16px 64px}\n\
h1{font-size:28px;margin:0}h2{font-size:17px;margin:36px 0 8px}.sub,figcaption{color:var(--dim);margin:4px 0}\n\
.verdict{padding:10px 14px;border-left:4px solid var(--pass);background:color-mix(in srgb,var(--pass) 10%,transparent)}\n\
.verdict.fail{border-color:var(--limit);background:color-mix(in srgb,var(--limit) 10%,transparent)}\n\
figure{margin:8px 0}svg{width:100%;height:auto;display:block}figcaption{font-size:13px}\n\
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--grid);vertical-align:top}th{color:var(--dim);font-weight:500}\n\
svg text{fill:var(--dim);font-size:12px;font-family:inherit}svg .x{text-anchor:middle}svg .y{text-anchor:end}svg .label{text-anchor:middle}svg text.rule{text-anchor:end}svg .in{fill:var(--fg)}\n\
.grid{stroke:var(--grid);fill:none}.line{fill:none;stroke-width:1.6;stroke-linejoin:round}.rule{fill:none;stroke-dasharray:5 4}\n\
.line.accent,.rule.accent{stroke:var(--accent)}.line.quiet,.rule.quiet{stroke:var(--dim)}.line.limit,path.rule.limit{stroke:var(--limit)}\n\
.area.accent,g.accent{fill:var(--accent)}.area.quiet,g.quiet{fill:var(--dim)}.area.limit,g.limit{fill:var(--limit)}text.rule{stroke:none}text.rule.limit{fill:var(--limit)}\n\
g.part0{fill:var(--p0)}g.part1{fill:var(--p1)}g.part2{fill:var(--p2)}g.part3{fill:var(--p3)}g.part4{fill:var(--p4)}g.part5{fill:var(--p5)}g.part6{fill:var(--p6)}g.part7{fill:var(--p7)}\n\
.line.part0{stroke:var(--p0)}.line.part1{stroke:var(--p1)}.line.part2{stroke:var(--p2)}.line.part3{stroke:var(--p3)}.line.part4{stroke:var(--p4)}.line.part5{stroke:var(--p5)}.line.part6{stroke:var(--p6)}.line.part7{stroke:var(--p7)}\n";

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn data_does_not_leave_its_script() {
        let html = Page::new("a", "b").live("<p></p>", r#"["</script><b>"]"#, "1;").html();
        assert!(html.contains(r#"["\u003c/script>\u003cb>"]"#), "{html}");
    }
}
