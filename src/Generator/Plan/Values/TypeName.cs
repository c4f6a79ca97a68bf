using Microsoft.CodeAnalysis.CSharp;

namespace Penstock.Generator.Plan;

/// <summary>
/// The full name of a type, without its symbol. Only this type creates its C# text, which <see cref="ToString"/> returns.
/// </summary>
internal sealed record TypeName
{
    private const string Root = "global::";
    private const string Tuple = "System.ValueTuple";

    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["System.Boolean"] = "bool",
        ["System.Char"] = "char",
        ["System.SByte"] = "sbyte",
        ["System.Byte"] = "byte",
        ["System.Int16"] = "short",
        ["System.UInt16"] = "ushort",
        ["System.Int32"] = "int",
        ["System.UInt32"] = "uint",
        ["System.Int64"] = "long",
        ["System.UInt64"] = "ulong",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.Decimal"] = "decimal",
        ["System.String"] = "string",
        ["System.Object"] = "object",
    };

    private readonly string _text;

    private TypeName(string text) => _text = text;

    /// <summary>No type.</summary>
    public static TypeName None { get; } = new("");

    /// <summary>Whether there is no type.</summary>
    public bool IsNone => _text.Length == 0;

    /// <summary>The name for messages: without <c>global::</c>.</summary>
    public string Readable => _text.Replace($"{Root}{Tuple}<", "ValueTuple<").Replace(Root, "");

    /// <summary>The name with its namespace, as schemas contain it.</summary>
    public string FullName => _text.Replace(Root, "");

    /// <summary>The last part of its name, without containing types and type arguments.</summary>
    public string LastPart
    {
        get
        {
            var name = _text.Split('<')[0];
            return name.Substring(name.LastIndexOfAny(['.', ':']) + 1);
        }
    }

    /// <summary>All names that occur in it.</summary>
    public IEnumerable<string> Parts => _text.Split('.', ':', '<', '>', ',', ' ');

    /// <summary>The type without the question mark of a nullable type.</summary>
    public TypeName WithoutNull => new(_text.TrimEnd('?'));

    /// <summary>The type with a full name, such as <c>System.Int64</c> or <c>App.Flight</c>. It must not be nested.</summary>
    /// <param name="arguments">Its type arguments.</param>
    public static TypeName Of(string fullName, params TypeName[] arguments) =>
        arguments.Length == 0 && Keywords.TryGetValue(fullName, out var keyword) ? new(keyword)
        : new(Root + string.Join(".", fullName.Split('.').Select(Escape)) + Arguments(arguments));

    /// <summary>A tuple of several items.</summary>
    public static TypeName OfTuple(IEnumerable<TypeName> items) => Of(Tuple, [.. items]);

    /// <summary>A type as the C# compiler displays its symbol: fully qualified.</summary>
    public static TypeName Displayed(string text) => new(text);

    /// <summary>Whether it has a full name, with any type arguments.</summary>
    public bool Is(string fullName) => _text.Split('<')[0] == Of(fullName)._text;

    public override string ToString() => _text;

    private static string Arguments(TypeName[] arguments) =>
        arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(static argument => argument._text))}>";

    private static string Escape(string part) => SyntaxFacts.GetKeywordKind(part) == SyntaxKind.None ? part : "@" + part;
}
