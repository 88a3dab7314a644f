// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every loss that has a word.
#include <tfx/keras/losses_of_margins.hpp>
#include <tfx/keras/losses_of_numbers.hpp>
#include <tfx/keras/losses_of_probabilities.hpp>
