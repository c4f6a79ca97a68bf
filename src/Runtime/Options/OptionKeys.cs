using System.Collections;
using Microsoft.Extensions.Configuration;

namespace Penstock.Hosting;

/// <summary>The keys of options as written in configuration, for messages.</summary>
internal sealed class OptionKeys
{
    private readonly Dictionary<string, (string Path, string? Value)> _written = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Records every key of a pipeline's section.</summary>
    public void Record(IConfigurationSection section)
    {
        foreach (var (path, value) in section.AsEnumerable().Where(entry => entry.Key.Length > section.Path.Length))
        {
            _written[path[(section.Path.Length + 1)..]] = (path, value);
        }
    }

    /// <summary>Returns the key of an option whose value is wrong.</summary>
    /// <param name="key">The key, relative to the section of the pipeline.</param>
    /// <returns>The key as written in configuration, or the relative key if configuration does not contain it.</returns>
    public string Of(string key) => _written.TryGetValue(key, out var written) ? Quote(written.Path, written.Value) : key;

    /// <summary>Returns the whole key, with the name of the environment variable if the value comes from one.</summary>
    public static string Quote(string path, string? value) =>
        VariableOf(path, value) is { } variable ? $"{path} (environment variable {variable})" : path;

    /// <summary>Checks a section that must not have a value of its own.</summary>
    /// <param name="section">The section.</param>
    /// <param name="example">A key that the section may contain, for the message.</param>
    /// <returns>The problem, or null if the section has no value.</returns>
    public static string? NoSection(IConfigurationSection section, string example) => string.IsNullOrEmpty(section.Value)
        ? null
        : $"{Quote(section.Path, section.Value)} is '{section.Value}'; a section is expected, with keys such as {section.Path}:{example}.";

    // Hosts remove prefixes such as DOTNET_ from the names of environment variables.
    private static string? VariableOf(
        string path,
        string? value) => value == null ? null : Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(variable => value.Equals(variable.Value))
        .Select(static variable => (string)variable.Key)
        .FirstOrDefault(name => name.Replace("__", ":", StringComparison.Ordinal) is var key
            && (key.Equals(path, StringComparison.OrdinalIgnoreCase) || key.EndsWith("_" + path, StringComparison.OrdinalIgnoreCase)));
}
