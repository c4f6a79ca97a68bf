using System.Text;

namespace Penstock.Generator.Text;

/// <summary>
/// Writes indented C#. Namespaces are replaced by aliases, and lines have at most <see cref="LineBreaker.Width"/> columns.
/// </summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private NamespaceAliases? _aliases;
    private int _head;
    private int _indent;

    /// <summary>
    /// Sets the namespace of the following code. Aliases are used only inside a namespace: file-wide aliases could collide with <c>global
    /// using</c> aliases, which are not known here.
    /// </summary>
    public void Namespace(string name)
    {
        Line($"namespace {name};");
        Line();
        _head = _text.Length;
        _aliases = new NamespaceAliases(name);
    }

    /// <summary>Writes a line; an empty one has no indentation.</summary>
    public void Line(string line = "")
    {
        var bare = line.TrimStart(' ');
        if (bare.Length > 0)
        {
            LineBreaker.Write(_text, (_indent * 4) + line.Length - bare.Length, _aliases?.Shorten(bare) ?? bare);
        }
        else
        {
            _text.Append('\n');
        }
    }

    /// <summary>Opens a block in braces; dispose the result to close it.</summary>
    public Block Braces(string head)
    {
        Line(head);
        return Braces();
    }

    /// <summary>Opens a block in braces after its head was written.</summary>
    public Block Braces()
    {
        Line("{");
        _indent++;
        return new Block(this, "}");
    }

    /// <summary>Indents lines until the result is disposed.</summary>
    public Block Indent()
    {
        _indent++;
        return new Block(this, null);
    }

    /// <summary>Writes parts separated by blank lines.</summary>
    public void Separated(IEnumerable<Action> parts)
    {
        var isFirst = true;
        foreach (var part in parts)
        {
            if (!isFirst)
            {
                Line();
            }

            isFirst = false;
            part();
        }
    }

    /// <summary>The position of the next line, for <see cref="DeclareAt"/>.</summary>
    public int Place => _text.Length;

    /// <summary>Inserts the declaration of a variable at an earlier position if the code since then uses it.</summary>
    /// <param name="place">The position.</param>
    /// <param name="use">The text by which a use is recognized.</param>
    /// <param name="declaration">Its declaration.</param>
    public void DeclareAt(int place, string use, string declaration)
    {
        if (_text.ToString(place, _text.Length - place).Contains(use))
        {
            _text.Insert(place, new string(' ', _indent * 4) + (_aliases?.Shorten(declaration) ?? declaration) + "\n");
        }
    }

    /// <summary>The written code, with the aliases that it uses.</summary>
    public override string ToString()
    {
        var usings = string.Concat((_aliases?.Usings ?? []).Select(static line => line + "\n"));
        return usings.Length == 0 ? _text.ToString() : _text.ToString().Insert(_head, usings + "\n");
    }

    internal readonly struct Block(CodeWriter writer, string? end) : IDisposable
    {
        public void Dispose()
        {
            writer._indent--;
            if (end != null)
            {
                writer.Line(end);
            }
        }
    }
}
