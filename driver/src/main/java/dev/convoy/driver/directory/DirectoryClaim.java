package dev.convoy.driver.directory;

import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.util.function.UnaryOperator;

/**
 * What a directory is to be opened for.
 *
 * @param location of the directory
 * @param text the configuration that it is to belong to
 * @param overwrite whether to throw away what the directory holds of something different
 * @param identityOf the identity of a configuration that was held, from its full text; throws
 *     {@link dev.convoy.driver.configuration.ConfigurationException} if it cannot be read
 */
public record DirectoryClaim(
    String location, EffectiveText text, boolean overwrite, UnaryOperator<String> identityOf) {}
