using Microsoft.Extensions.Configuration;
using Penstock.Hosting;

namespace Penstock.Connectors;

/// <summary>
/// What the configuration of a source or sink holds besides the options that all have: those of its connector. A connector asks for what it
/// knows; a setting that was not asked for when the pipeline starts is an error, since its name is misspelt.
/// </summary>
public sealed class ConnectorSettings
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets an option in code; configuration overrides it.</summary>
    /// <param name="name">The name; parts of a section are separated by colons.</param>
    /// <returns>The value; null when it is not set.</returns>
    public string? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set
        {
            if (value == null)
            {
                _values.Remove(name);
            }
            else
            {
                _values[name] = value;
            }
        }
    }

    /// <summary>Reads an option.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <returns>The value; null when it is not set.</returns>
    public string? Text(string name)
    {
        _asked.Add(name);
        return this[name];
    }

    /// <summary>Reads an option that is a duration.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <returns>The value; null when it is not set.</returns>
    /// <exception cref="PipelineException">It is no duration.</exception>
    public TimeSpan? Duration(string name) => Read(name, SettingText.Duration, SettingText.ADuration);

    /// <summary>Reads an option that is a size.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <returns>The value in bytes; null when it is not set.</returns>
    /// <exception cref="PipelineException">It is no size.</exception>
    public long? Size(string name) => Read(name, SettingText.Size, SettingText.ASize);

    /// <summary>Reads an option that is a whole number.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <returns>The value; null when it is not set.</returns>
    /// <exception cref="PipelineException">It is no number.</exception>
    public long? Number(string name) => Read(name, SettingText.Long, SettingText.AWholeNumber);

    /// <summary>Reads an option that is true or false.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <returns>The value; null when it is not set.</returns>
    /// <exception cref="PipelineException">It is neither.</exception>
    public bool? Truth(string name) => Read(name, SettingText.Truth, SettingText.ATruth);

    /// <summary>Reads an option that is one of several names.</summary>
    /// <typeparam name="T">The names.</typeparam>
    /// <param name="name">The name of the option.</param>
    /// <returns>The value; null when it is not set.</returns>
    /// <exception cref="PipelineException">It is none of them.</exception>
    public T? Choice<T>(string name)
        where T : struct, Enum => Read(name, SettingText.Choice<T>, SettingText.OneOf<T>());

    /// <summary>Reads all that is below a name.</summary>
    /// <param name="name">The name of the section.</param>
    /// <returns>The names below it, and their values.</returns>
    public IReadOnlyDictionary<string, string> Section(string name)
    {
        var prefix = name + ":";
        var section = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in _values.Where(entry => entry.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            _asked.Add(key);
            section[key[prefix.Length..]] = value;
        }

        return section;
    }

    /// <summary>Takes over what configuration says below an option that the pipeline itself does not know.</summary>
    internal void Bind(IConfigurationSection entry, string name)
    {
        if (entry.Value != null)
        {
            _values[name] = entry.Value;
            _paths[name] = entry.Path;
        }

        foreach (var child in entry.GetChildren())
        {
            Bind(child, $"{name}:{child.Key}");
        }
    }

    /// <summary>Makes sure that every option was one that its connector knows.</summary>
    /// <exception cref="PipelineException">One was not.</exception>
    internal void CheckAllAsked(string pipeline, string kind, string id)
    {
        var unknown = _values.Keys.Where(name => !_asked.Contains(name)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new PipelineException(
                ErrorCodes.UnknownOption,
                $"The configuration of pipeline '{pipeline}' is wrong:\n- "
                    + string.Join(
                        "\n- ",
                        unknown.Select(name =>
                            $"{KeyOf(name, $"{kind}:{id}:{name}")} is not an option of {(kind == "Sources" ? "this source" : "this sink")}.")));
        }
    }

    private T? Read<T>(string name, Func<string?, T?> read, string expected)
        where T : struct =>
            Text(name) is not { } text
                ? null
                : read(text)
                    ?? throw new PipelineException(
                        ErrorCodes.ImpossibleValue,
                        $"{KeyOf(name, $"The option '{name}'")} is '{text}'; {expected} is expected.");

    private string KeyOf(string name, string otherwise) =>
        _paths.TryGetValue(name, out var path) ? OptionKeys.Quote(path, _values[name]) : otherwise;
}
