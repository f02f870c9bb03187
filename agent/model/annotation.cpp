// SPDX-License-Identifier: Apache-2.0
#include "model/annotation.hpp"

namespace ostler::model {
namespace {

Error too_long() {
  return {Errc::UserFault, "an annotation has at most " + std::to_string(kLongestAnnotation) +
                               " bytes; put longer texts into artifacts"};
}

}  // namespace

Result<void> check(const std::string& context, const AnnotationChange& change) {
  if (context.empty() || context.size() > kLongestContext) {
    return Error(Errc::UserFault, "the context of an annotation has 1 to " +
                                      std::to_string(kLongestContext) + " bytes");
  }
  const std::int64_t priority = change.priority.value_or(kUsualPriority);
  if (priority < kLastPriority || priority > kFirstPriority) {
    return Error(Errc::UserFault, "the priority of an annotation is " +
                                      std::to_string(kLastPriority) + " (last) to " +
                                      std::to_string(kFirstPriority) + " (first)");
  }
  if (change.body.size() > kLongestAnnotation) return too_long();
  return success();
}

Result<void> apply(const AnnotationChange& change, Annotation& annotation) {
  if (change.append) {
    if (annotation.body.size() + change.body.size() > kLongestAnnotation) return too_long();
    annotation.body += change.body;
  } else if (!change.body.empty()) {
    annotation.body = change.body;
  }
  if (annotation.body.empty()) {
    return Error(Errc::UserFault, "there is no annotation with the context \"" +
                                      annotation.context + "\" yet: the first one needs a body");
  }
  if (change.style) annotation.style = change.style;
  if (change.priority) annotation.priority = *change.priority;
  return success();
}

}  // namespace ostler::model
