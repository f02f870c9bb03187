// SPDX-License-Identifier: Apache-2.0
#include "hub/web/pages.hpp"

#include <string_view>

#include "wire/html_text.hpp"

namespace ostler::hub {
namespace {

using wire::html_of;

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--dim:#666;--line:#ddd;--good:#1a7f37;--bad:#c62828;--busy:#9a6700}
@media (prefers-color-scheme:dark){:root{--dim:#999;--line:#333;--good:#5c5;--bad:#f77;--busy:#db5}}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:baseline;border-bottom:1px solid
var(--line);margin-bottom:1rem}
h1{font-size:1.3rem;margin:0}h2{font-size:1.05rem;margin:1.5rem 0 .5rem}
header form{margin-left:auto}a{color:inherit}
ol,ul{list-style:none;margin:0;padding:0}
.build{padding:.6rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.dim{color:var(--dim);font-size:.9em}
.state{font-weight:600;color:var(--dim)}
.passed{color:var(--good)}.failed,.timed_out,.expired,.failing{color:var(--bad)}
.running,.canceling,.timing_out,.accepted{color:var(--busy)}
.jobs{display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.9em}
table{border-collapse:collapse;width:100%}
td{padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top;
white-space:nowrap}.name{white-space:normal;overflow-wrap:anywhere;width:100%}
pre{overflow-x:auto;padding:.6rem;border:1px solid var(--line);font:13px/1.5 ui-monospace,monospace}
label{display:block;margin-bottom:.3rem}input{width:100%;max-width:30rem;font:inherit;
box-sizing:border-box;padding:.3rem}button{font:inherit}
.refusal{border-left:4px solid var(--bad);padding:.3rem .8rem})";

/// The address of something of the hub's as the browser reaches it, by whatever name.
std::string local(const PageFrame& frame, const std::string& url) {
  const bool is_own = url.starts_with(frame.public_url + "/");
  return html_of(is_own ? base_path(frame.public_url) + url.substr(frame.public_url.size()) : url);
}

/// A text that somebody wrote. Whatever its direction, what stands around it keeps its own.
std::string foreign(std::string_view text) { return "<bdi>" + html_of(text) + "</bdi>"; }

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string minutes_text(std::chrono::microseconds took) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(took).count();
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600)
    return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds / 60 % 60) + " min";
}

std::string time_text(Timestamp at) {
  const std::string text = format_rfc3339(at, 0);
  return "<time datetime=\"" + text + "\">" + text.substr(0, 10) + " " + text.substr(11, 5) +
         " UTC</time>";
}

std::string state_text(const std::string& state, const std::string& look) {
  return "<span class=\"state " + html_of(look) + "\">" + html_of(state) + "</span>";
}

std::string page_header(const PageFrame& frame) {
  const std::string base = html_of(base_path(frame.public_url));
  std::string html = "<header><h1><a href=\"" + base + "/\">Ostler</a></h1><span class=\"dim\">" +
                     html_of(frame.organization) + "</span>";
  if (frame.user) {
    html += "<form method=\"post\" action=\"" + base + "/session/end\"><span class=\"dim\">" +
            foreign(*frame.user) + "</span> <button>Sign out</button></form>";
  }
  return html + "</header>";
}

std::string page(const PageFrame& frame, const std::string& title, const std::string& body) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>" +
         html_of(title) + "</title><style nonce=\"" + html_of(frame.nonce) + "\">" +
         std::string(kStyle) + "</style></head><body>" + page_header(frame) + "<main>" + body +
         "</main></body></html>\n";
}

std::string refusal_text(const std::string& refusal) {
  return "<p class=\"refusal\" role=\"alert\">" + html_of(refusal) + "</p>";
}

/// How to go on, for everybody.
std::string hints(const PageFrame& frame) {
  const std::string url = html_of(frame.public_url);
  const std::string base = html_of(base_path(frame.public_url));
  return "<h2>Connect an agent</h2><p>On the machine that is to run jobs, with the token from the "
         "file <code>agent-token</code> of the hub's data directory, or one that <code>ostler "
         "token "
         "create</code> prints:</p><pre>ostler agent start --endpoint " +
         url +
         "/v3 --token file://PATH --build-path ~/builds</pre>"
         "<h2>Commands and API</h2><p><code>ostler help</code> lists what can be done at a "
         "terminal. The REST API is served below <code>" +
         url + "/v2</code>; <a href=\"" + base +
         "/v2/openapi.json\">its document</a> is in OpenAPI.</p>";
}

std::string job_item(const PageFrame& frame, const JobLine& job) {
  const std::string name = foreign(first_line(job.name));
  if (job.url.empty()) return "<li>" + state_text(job.state, job.look) + " " + name + "</li>";
  const std::string url = local(frame, job.url);
  return "<li>" + state_text(job.state, job.look) + " <a href=\"" + url + "/log.html\">" + name +
         "</a> <a class=\"dim\" href=\"" + url + "/log.txt\">text</a></li>";
}

std::string build_heading(const PageFrame& frame, const BuildLine& build) {
  return state_text(build.state, build.state) + " <a href=\"" + local(frame, build.url) +
         "\"><strong>" + html_of(build.pipeline) + " #" + std::to_string(build.number) +
         "</strong></a> " + foreign(first_line(build.message));
}

std::string build_details(const BuildLine& build) {
  std::string html =
      "<div class=\"dim\">" + foreign(build.branch) + " · " + foreign(build.commit.substr(0, 10));
  if (!build.creator.empty()) html += " · " + foreign(build.creator);
  html += " · " + time_text(build.created_at);
  if (build.took) html += " · " + minutes_text(*build.took);
  return html + "</div>";
}

std::string build_item(const PageFrame& frame, const BuildLine& build) {
  std::string html = "<li class=\"build\">" + build_heading(frame, build) + build_details(build) +
                     "<ul class=\"jobs\">";
  for (const JobLine& job : build.jobs) html += job_item(frame, job);
  if (build.has_more_jobs) {
    html += "<li><a href=\"" + local(frame, build.url) + "\">all jobs</a></li>";
  }
  return html + "</ul></li>";
}

std::string job_row(const PageFrame& frame, const JobLine& job) {
  std::string html = "<tr><td>" + state_text(job.state, job.look) + "</td><td class=\"name\">" +
                     foreign(first_line(job.name)) + "</td><td class=\"dim\">" +
                     (job.took ? minutes_text(*job.took) : "") + "</td><td>";
  if (!job.url.empty()) {
    const std::string url = local(frame, job.url);
    html += "<a href=\"" + url + "/log.html\">log</a> <a class=\"dim\" href=\"" + url +
            "/log.txt\">text</a>";
  }
  return html + "</td></tr>";
}

}  // namespace

std::string base_path(std::string_view public_url) {
  const std::size_t authority = public_url.find("://");
  if (authority == public_url.npos) return {};
  const std::size_t path = public_url.find('/', authority + 3);
  return path == public_url.npos ? std::string() : std::string(public_url.substr(path));
}

std::string render_builds(const PageFrame& frame, const std::vector<BuildLine>& builds,
                          const std::string& refusal) {
  std::string html = "<h2>Builds</h2>";
  if (!refusal.empty()) {
    html += refusal_text(refusal);
  } else if (builds.empty()) {
    html +=
        "<p>There are none yet. <code>ostler pipeline create</code> makes a pipeline, "
        "<code>ostler build create</code> a build.</p>";
  }
  html += "<ol>";
  for (const BuildLine& build : builds) html += build_item(frame, build);
  return page(frame, "Builds of " + frame.organization, html + "</ol>" + hints(frame));
}

std::string render_pipeline(const PageFrame& frame, const std::string& pipeline,
                            const std::vector<BuildLine>& builds) {
  std::string html = "<h2>Builds of " + foreign(pipeline) + "</h2>";
  if (builds.empty()) html += "<p>There are none yet.</p>";
  html += "<ol>";
  for (const BuildLine& build : builds) html += build_item(frame, build);
  return page(frame, "Builds of " + pipeline, html + "</ol>");
}

std::string render_facts(const PageFrame& frame, const FactsPage& facts) {
  std::string html = "<h2>" + html_of(facts.kind) + " " + foreign(facts.title) + "</h2><table>";
  for (const FactsPage::Fact& fact : facts.facts) {
    const std::string value = foreign(fact.value);
    html += "<tr><td class=\"dim\">" + html_of(fact.name) + "</td><td class=\"name\">";
    html +=
        fact.url.empty() ? value : "<a href=\"" + local(frame, fact.url) + "\">" + value + "</a>";
    html += "</td></tr>";
  }
  return page(frame, facts.title, html + "</table>");
}

std::string render_build(const PageFrame& frame, const BuildLine& build) {
  std::string html = "<div class=\"build\">" + build_heading(frame, build) + build_details(build) +
                     "</div><table>";
  for (const JobLine& job : build.jobs) html += job_row(frame, job);
  html += "</table>";
  if (build.jobs.empty()) html += "<p>No job of it has a log.</p>";
  const std::string title = build.pipeline + " #" + std::to_string(build.number);
  return page(frame, title, html);
}

std::string render_sign_in(const PageFrame& frame, const std::string& refusal,
                           const std::string& asked_for) {
  std::string html = refusal.empty() ? "" : refusal_text(refusal);
  html += "<h2>Sign in</h2><form method=\"post\" action=\"" + html_of(base_path(frame.public_url)) +
          "/session\"><input type=\"hidden\" name=\"next\" value=\"" + html_of(asked_for) +
          "\"><label for=\"token\">API token</label><input id=\"token\" name=\"token\" "
          "type=\"password\" required autocomplete=\"off\" spellcheck=\"false\"> "
          "<button>Sign in</button></form><p class=\"dim\">The hub's first start wrote one to the "
          "file <code>api-token</code> of its data directory. It is not "
          "kept in the browser, which is signed out after twelve hours.</p>";
  return page(frame, "Ostler", html + hints(frame));
}

std::string render_refusal(const PageFrame& frame, const std::string& refusal) {
  return page(frame, "Ostler", refusal_text(refusal));
}

}  // namespace ostler::hub
