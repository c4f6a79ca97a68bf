namespace Penstock.Kafka;

/// <summary>
/// The names of the client's properties in configuration. The name of a bash environment variable cannot contain a dot, so an underscore
/// stands for a dot; case is ignored. No property that can be set as text has an underscore in its name.
/// </summary>
internal static class ClientProperties
{
    /// <summary>Returns the client's name of a property.</summary>
    public static string NameOf(string key) => key.Replace('_', '.').ToLowerInvariant();

    /// <summary>Reads a section.</summary>
    /// <param name="entries">The names and values in configuration.</param>
    /// <param name="section">The section, for messages.</param>
    /// <returns>The properties by the client's names.</returns>
    /// <exception cref="PipelineException">A property is set twice, to different values.</exception>
    public static Dictionary<string, string> Of(IEnumerable<KeyValuePair<string, string>> entries, string section)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            var name = NameOf(key);
            if (!properties.TryAdd(name, value) && properties[name] != value)
            {
                throw new PipelineException(
                    KafkaErrorCodes.ClientConfiguration,
                    $"{section}:{keys[name]} and {section}:{key} are the same property of the Kafka client and have different values: "
                        + $"remove one. An environment variable replaces a setting of a file only by exactly its name, which env(1) and "
                        + $"containers can set with dots.");
            }

            keys.TryAdd(name, key);
        }

        return properties;
    }
}
