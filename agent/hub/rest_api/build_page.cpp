// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/build_page.hpp"

#include <memory>

#include "hub/rest_api/build_parts.hpp"

namespace ostler::rest_api {
namespace {

/// About 2 MiB of text.
constexpr std::int64_t kJobsAtOnce = 1000;

class BuildPageSource final : public net::BodySource {
 public:
  BuildPageSource(const Backend& backend, wire::RestUrls urls, std::vector<model::Build> builds,
                  BuildView view)
      : backend_(backend),
        urls_(std::move(urls)),
        builds_(std::move(builds)),
        view_(std::move(view)) {}

  boost::asio::awaitable<Result<std::string>> next() override {
    if (!read_ahead_.empty()) co_return std::exchange(read_ahead_, {});
    if (is_finished_) co_return std::string();
    OSTLER_CO_TRY(const std::size_t end, co_await read_some());
    std::string text;
    for (; at_ < end; ++at_) {
      text += at_ == 0 ? '[' : ',';
      text += build_text(builds_[at_], parts_, view_, urls_);
    }
    is_finished_ = at_ == builds_.size();
    if (is_finished_) text += builds_.empty() ? "[]" : "]";
    co_return text;
  }
  std::optional<std::uint64_t> size() const override { return std::nullopt; }

  bool is_finished() const { return is_finished_; }
  /// What next() has given already, to be given again.
  void put_back(std::string text) { read_ahead_ = std::move(text); }

 private:
  /// Reads what the next builds need; up to which.
  boost::asio::awaitable<Result<std::size_t>> read_some() {
    std::size_t end = builds_.size();
    if (view_.jobs && at_ < end) {
      OSTLER_CO_TRY(end, co_await read_jobs());
    }
    for (std::size_t i = at_; i < end; ++i) {
      if (parts_.pipelines.contains(builds_[i].pipeline)) continue;
      OSTLER_CO_TRY(model::Pipeline pipeline,
                    co_await backend_.store.pipeline(builds_[i].pipeline));
      OSTLER_CO_TRY(co_await add_pipeline(backend_, std::move(pipeline), view_, urls_, parts_));
    }
    co_return end;
  }

  /// Reads the jobs of as many builds as have few together, of one at least; up to which.
  boost::asio::awaitable<Result<std::size_t>> read_jobs() {
    store::JobFilter filter{.include_retried = view_.retried_jobs, .limit = kJobsAtOnce};
    for (std::size_t i = at_; i < builds_.size(); ++i) filter.builds.push_back(builds_[i].id);
    OSTLER_CO_TRY(auto jobs, co_await backend_.store.jobs(filter));
    std::size_t end = builds_.size();
    if (std::ssize(jobs) == kJobsAtOnce) {
      // The last one's may not be all.
      const BuildId last = jobs.back().step.build;
      end = at_;
      while (builds_[end].id != last) ++end;
      std::erase_if(jobs, [&](const model::Job& job) { return job.step.build == last; });
    }
    if (end == at_) {
      filter.builds = {builds_[end++].id};
      filter.limit.reset();
      OSTLER_CO_TRY(jobs, co_await backend_.store.jobs(filter));
    }
    OSTLER_CO_TRY(co_await set_jobs(backend_, std::move(jobs), parts_));
    co_return end;
  }

  const Backend& backend_;
  wire::RestUrls urls_;
  std::vector<model::Build> builds_;
  BuildView view_;
  BuildParts parts_;
  std::size_t at_ = 0;
  bool is_finished_ = false;
  std::string read_ahead_;
};

}  // namespace

Lookup<decltype(net::ServerResponse::body)> build_page(const Backend& backend, wire::RestUrls urls,
                                                       std::vector<model::Build> builds,
                                                       BuildView view) {
  auto source = std::make_unique<BuildPageSource>(backend, std::move(urls), std::move(builds),
                                                  std::move(view));
  OSTLER_CO_TRY(std::string text, co_await source->next());
  if (source->is_finished()) co_return std::move(text);
  source->put_back(std::move(text));
  co_return std::unique_ptr<net::BodySource>(std::move(source));
}

}  // namespace ostler::rest_api
