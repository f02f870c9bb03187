// SPDX-License-Identifier: Apache-2.0
// The pages of a running hub, as a browser asks for them.
#include <gmock/gmock.h>

#include <set>

#include "files/file.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using support::http_call;
using support::HttpAnswer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kHtml = "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

class Browser : public testing::Test {
 protected:
  HttpAnswer open(const std::string& path) const { return send("GET", path, {kHtml}); }
  HttpAnswer send(const std::string& method, const std::string& path,
                  std::vector<std::string> headers, const std::string& body = "") const {
    if (!cookie_.empty()) headers.push_back("Cookie: theme=dark; " + cookie_);
    return http_call({method, hub_.url() + path, std::move(headers), body});
  }
  HttpAnswer submit(const std::string& path, const std::string& form) const {
    return send("POST", path,
                {kHtml, "Origin: " + hub_.url(), "Content-Type: application/x-www-form-urlencoded"},
                form);
  }
  std::string token() const {
    std::string token = files::read_file(hub_.data() / "api-token").value();
    while (token.ends_with('\n')) token.pop_back();
    return token;
  }
  void sign_in() {
    const HttpAnswer answer = submit("/session", "token=" + token());
    ASSERT_EQ(answer.status, 303) << answer.body;
    const std::string cookie = answer.headers.at("set-cookie");
    cookie_ = cookie.substr(0, cookie.find(';'));
  }

  support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  std::string cookie_;
};

TEST_F(Browser, SeesAPageWhereProgramsSeeJson) {
  const HttpAnswer page = open("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.headers.at("content-type"), StartsWith("text/html"));
  EXPECT_THAT(page.body, AllOf(HasSubstr("action=\"/session\""), HasSubstr("ostler agent start"),
                               HasSubstr("/v2/openapi.json")));
  for (const char* accept : {"Accept: */*", "Accept: application/json"}) {
    const HttpAnswer other = http_call({"GET", hub_.url() + "/", {accept}, ""});
    EXPECT_EQ(other.json().at("message"), "this is an Ostler hub") << accept;
  }
}

TEST_F(Browser, FindsTheDocumentOfTheApiThroughTheCatalog) {
  const HttpAnswer catalog = http_call({"GET", hub_.url() + "/.well-known/api-catalog", {}, ""});
  EXPECT_THAT(catalog.headers.at("content-type"), StartsWith("application/linkset+json"));
  const nlohmann::json api = catalog.json().at("linkset").at(0);
  EXPECT_EQ(api.at("anchor"), hub_.url() + "/v2");
  const std::string document = api.at("service-desc").at(0).at("href");
  EXPECT_EQ(http_call({"GET", document, {}, ""}).json().at("openapi"), "3.1.0");
}

TEST_F(Browser, TradesATokenForACookieThatDoesNotHoldIt) {
  const HttpAnswer answer = submit("/session", "token=" + token() + "%0D%0A");
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.headers.at("location"), "/");
  const std::string cookie = answer.headers.at("set-cookie");
  EXPECT_THAT(cookie, AllOf(HasSubstr("; HttpOnly"), HasSubstr("; SameSite=Strict"),
                            HasSubstr("; Max-Age=43200"), Not(HasSubstr(token()))));
  EXPECT_THAT(cookie, Not(HasSubstr("Secure"))) << "this hub has no TLS";
  sign_in();
  const HttpAnswer page = open("/");
  EXPECT_THAT(page.body, AllOf(HasSubstr("Sign out"), Not(HasSubstr(token())),
                               Not(HasSubstr(cookie_.substr(cookie_.find('=') + 1)))));
}

TEST_F(Browser, IsLedToThePageThatItAskedFor) {
  hub_.make_pipeline("p", "steps:\n  - command: make\n");
  hub_.make_build("p");
  const std::string page = "/ostler/p/builds/1?a=%22b&c";
  EXPECT_THAT(open(page).body, HasSubstr("value=\"/ostler/p/builds/1?a=%22b&amp;c\""));
  const std::string next = "&next=%2Fostler%2Fp%2Fbuilds%2F1%3Fa%3D%2522b%26c";
  const HttpAnswer refused = submit("/session", "token=nonsense" + next);
  EXPECT_THAT(refused.body, HasSubstr("value=\"/ostler/p/builds/1?a=%22b&amp;c\""));
  EXPECT_EQ(submit("/session", "token=" + token() + next).headers.at("location"), page);
}

TEST_F(Browser, IsLedToNoOtherHost) {
  for (const std::string next : {"%2F%2Fevil.example", "%2F%5Cevil.example", "https%3A%2F%2Fevil",
                                 "%2F%09%2Fevil.example", "%2Fa%0D%0AX-Evil%3A+1"}) {
    const HttpAnswer answer = submit("/session", "token=" + token() + "&next=" + next);
    EXPECT_EQ(answer.headers.at("location"), "/") << next;
  }
  EXPECT_THAT(open("//evil.example").body, HasSubstr("name=\"next\" value=\"/\""));
}

TEST_F(Browser, IsSignedInByAGoodTokenOnly) {
  for (const std::string& form : {std::string("token=nonsense"), std::string("token="),
                                  std::string(""), "token=" + hub_.agent_token()}) {
    const HttpAnswer answer = submit("/session", form);
    EXPECT_EQ(answer.status, 403) << form;
    EXPECT_FALSE(answer.headers.contains("set-cookie")) << form;
    EXPECT_THAT(answer.body, HasSubstr("no API token of this hub"));
  }
  EXPECT_EQ(submit("/session", std::string(5000, 'x')).status, 413);
  EXPECT_EQ(submit("/session/other", "").status, 404);
}

TEST_F(Browser, IsBelievedFromTheHubsOwnPagesOnly) {
  const std::string form = "token=" + token();
  for (const std::vector<std::string>& headers :
       {std::vector<std::string>{}, std::vector<std::string>{"Origin: https://elsewhere.example"},
        std::vector<std::string>{"Origin: null"}}) {
    EXPECT_EQ(send("POST", "/session", headers, form).status, 403);
  }
  sign_in();
  EXPECT_EQ(send("POST", "/session/end", {"Origin: https://elsewhere.example"}).status, 403);
  EXPECT_THAT(open("/").body, HasSubstr("Sign out")) << "still signed in";
}

TEST_F(Browser, ReadsByCookieAndWritesWithItsOriginOnly) {
  EXPECT_EQ(open("/v2/user").status, 401);
  hub_.make_pipeline("p", "steps:\n  - command: make\n");
  sign_in();
  EXPECT_EQ(open("/v2/user").status, 200);
  const std::string builds = "/v2/organizations/ostler/pipelines/p/builds";
  const std::string body = R"({"commit": "HEAD", "branch": "main"})";
  EXPECT_EQ(send("POST", builds, {}, body).status, 403);
  EXPECT_EQ(send("POST", builds, {"Origin: https://elsewhere.example"}, body).status, 403);
  EXPECT_EQ(send("POST", builds, {"Origin: " + hub_.url()}, body).status, 201);
  EXPECT_EQ(
      send("POST", builds, {"Authorization: Bearer wrong", "Origin: " + hub_.url()}, body).status,
      401)
      << "a token that is given counts, not the cookie";
}

TEST_F(Browser, IsSignedOutByItsHolderAndWithItsToken) {
  sign_in();
  const HttpAnswer out = submit("/session/end", "");
  EXPECT_EQ(out.status, 303);
  EXPECT_THAT(out.headers.at("set-cookie"), HasSubstr("Max-Age=0"));
  EXPECT_THAT(open("/").body, HasSubstr("Sign in")) << "the old cookie is worth nothing";
  EXPECT_EQ(open("/v2/user").status, 401);
  cookie_.clear();
  sign_in();
  ASSERT_EQ(send("DELETE", "/v2/access-token", {"Origin: " + hub_.url()}).status, 204);
  EXPECT_THAT(open("/").body, HasSubstr("Sign in"));
}

TEST_F(Browser, SeesTheNewestBuildsAndReachesTheirLogs) {
  hub_.make_pipeline("p",
                     "steps:\n  - {label: Test, command: make}\n  - wait\n  - command: late\n");
  for (int count = 0; count < 22; ++count) hub_.make_build("p");
  sign_in();
  const std::string page = open("/").body;
  EXPECT_THAT(page, AllOf(HasSubstr("p #22"), HasSubstr("p #3<"), Not(HasSubstr("p #2<"))));
  EXPECT_THAT(page, AllOf(HasSubstr(">Test<"), HasSubstr("href=\"/ostler/p/builds/22\"")));
  const auto job = hub_.build("p", 22).at("jobs").at(0).at("id").get<std::string>();
  const std::string log =
      "/v2/organizations/ostler/pipelines/p/builds/22/jobs/" + job + "/log.html";
  EXPECT_THAT(page, HasSubstr("href=\"" + log + "\""));
  EXPECT_EQ(open(log).status, 200);
  const HttpAnswer build = open("/ostler/p/builds/22");
  EXPECT_EQ(build.status, 200);
  EXPECT_THAT(build.body, AllOf(HasSubstr(">late<"), HasSubstr(log)));
  const std::string jobs = build.body.substr(build.body.find("<table>"));
  EXPECT_THAT(jobs, AllOf(HasSubstr(">waiting</span>"), Not(HasSubstr(">scheduled</span>"))));
  for (const char* path : {"/ostler/p/builds/99", "/ostler/none/builds/1", "/other/p/builds/1",
                           "/ostler/p/builds/x"}) {
    EXPECT_EQ(open(path).status, 404) << path;
  }
}

/// Whatever the REST API calls a web_url, an address without its fragment.
void collect_web_urls(const nlohmann::json& value, std::set<std::string>& urls) {
  if (value.is_object() && value.contains("web_url")) {
    const auto url = value.at("web_url").get<std::string>();
    urls.insert(url.substr(0, url.find('#')));
  }
  if (!value.is_structured()) return;
  for (const auto& part : value) collect_web_urls(part, urls);
}

TEST_F(Browser, ReachesEverythingThatHasAnAddressInTheWeb) {
  hub_.make_pipeline("p", "steps:\n  - {label: Test, command: make}\n");
  hub_.make_build("p");
  const auto agent = [&](const char* call, const std::string& token, const char* body) {
    return http_call({"POST", hub_.url() + "/v3/" + call, {"Authorization: Token " + token}, body});
  };
  const nlohmann::json registered =
      agent("register", hub_.agent_token(), R"({"name": "box-<b>7", "hostname": "seven"})").json();
  ASSERT_EQ(agent("connect", registered.at("access_token"), "").status, 200);
  const std::string root = "/organizations/ostler";
  std::set<std::string> urls;
  for (const char* path : {"", "/pipelines", "/pipelines/p/builds", "/agents", "/clusters"}) {
    const nlohmann::json all = hub_.rest("GET", root + path).json();
    collect_web_urls(all, urls);
    if (std::string_view(path) != "/clusters") continue;
    const auto queues = root + "/clusters/" + all.at(0).at("id").get<std::string>() + "/queues";
    collect_web_urls(hub_.rest("GET", queues).json(), urls);
  }
  EXPECT_EQ(urls.size(), 6u) << "organization, pipeline, build, agent, cluster, queue";
  sign_in();
  for (const std::string& url : urls) {
    const HttpAnswer page = open(url.substr(hub_.url().size()));
    const bool leads_on = page.status == 303 && page.headers.at("location") == "/";
    EXPECT_TRUE(page.status == 200 || leads_on) << url << " " << page.status;
    if (page.status != 200) continue;
    EXPECT_THAT(page.headers.at("content-type"), StartsWith("text/html"));
    EXPECT_THAT(page.body, AllOf(HasSubstr("<h1>"), Not(HasSubstr("box-<b>"))));
  }
  for (const char* path : {"/other", "/ostler/none", "/ostler/agents/x", "/ostler/clusters/x",
                           "/ostler/clusters/x/queues/y"}) {
    EXPECT_EQ(open(path).status, 404) << path;
  }
}

TEST_F(Browser, ShowsWhatOthersWroteAsText) {
  const std::string evil = "<script>alert(1)</script>'\"&<img src=x onerror=alert(2)>";
  const nlohmann::json quoted = evil;
  const nlohmann::json pipeline = {
      {"name", evil},
      {"slug", "evil"},
      {"repository", "r"},
      {"configuration", "steps:\n  - {label: " + quoted.dump() + ", command: make}\n"}};
  ASSERT_EQ(hub_.rest("POST", "/organizations/ostler/pipelines", pipeline).status, 201);
  const std::string path = "/organizations/ostler/pipelines/evil/builds";
  const nlohmann::json request = {{"commit", evil},
                                  {"branch", evil},
                                  {"message", evil},
                                  {"author", {{"name", evil}, {"email", evil}}}};
  ASSERT_EQ(hub_.rest("POST", path, request).status, 201);
  sign_in();
  for (const char* at : {"/", "/ostler/evil/builds/1"}) {
    const HttpAnswer page = open(at);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&#39;&quot;&amp;"));
    EXPECT_THAT(page.body, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<img"))));
  }
}

TEST_F(Browser, IsToldToRunNothingAndToKeepNothing) {
  sign_in();
  for (const char* path : {"/", "/ostler/p/builds/1"}) {
    const HttpAnswer page = open(path);
    const std::string policy = page.headers.at("content-security-policy");
    EXPECT_THAT(policy, AllOf(StartsWith("default-src 'none'; style-src 'nonce-"),
                              HasSubstr("form-action 'self'"), HasSubstr("base-uri 'none'"),
                              HasSubstr("frame-ancestors 'none'"), Not(HasSubstr("script-src"))));
    EXPECT_EQ(page.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(page.headers.at("cache-control"), "no-store");
  }
}

}  // namespace
}  // namespace ostler
