// SPDX-License-Identifier: Apache-2.0
// What stands above tfx.hpp.
#include <tfx/data.hpp>
#include <tfx/estimator.hpp>
#include <tfx/keras.hpp>
namespace keras = tfx::keras;

using model_t = decltype(keras::Sequential(keras::Input(tfx::shape<3>), keras::layers::Dense<2>()));
static_assert(model_t::parameter_count == 8);
