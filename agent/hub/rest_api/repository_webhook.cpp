// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/repository_webhook.hpp"

#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/responses.hpp"

namespace ostler::rest_api {

std::string refusal_of_webhook(const model::Pipeline& pipeline) {
  const std::string& slug = pipeline.settings.slug;
  std::string text = "This hub makes no webhooks at repository hosts, and has changed nothing. ";
  if (const auto seconds = pipeline.settings.poll_seconds) {
    return text + "It looks for new commits of " + slug + " every " + std::to_string(*seconds) +
           " s already";
  }
  return text + "Have it look for new commits: `ostler pipeline update " + slug +
         " --poll 60`, or poll_interval_seconds in a PATCH of the pipeline";
}

Answer create_repository_webhook(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundPipeline found, co_await find_pipeline(backend, call));
  co_return message(422, refusal_of_webhook(found.pipeline));
}

}  // namespace ostler::rest_api
