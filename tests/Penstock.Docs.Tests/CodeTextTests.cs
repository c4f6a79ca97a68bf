namespace Penstock.Docs.Tests;

/// <summary>
/// Only the rooms that emit code create C# text. Earlier passes use a plan without C# text, so that a second front end can create the same
/// plan.
/// </summary>
public sealed class CodeTextTests
{
    // The name of a type without its symbol. Only this type creates its text, and one place creates it from a symbol.
    private const string TypeName = "TypeName";

    // Code fixes write into the code of the user.
    private static readonly string[] Emission = ["Emit/", "Text/", "CodeFixes/"];

    private static readonly string[] Exceptions = ["Plan/Values/TypeName.cs", "Declarations/Symbols/TypeReader.cs"];

    [Fact]
    public void The_compiler_makes_no_text_of_CSharp_before_it_emits()
    {
        var early = ProjectCode.OfRepository("src/Generator/Penstock.Generator.csproj").CodeTexts(TypeName)
            .Where(static text => !Emission.Any(room => text.Place.StartsWith(room, StringComparison.Ordinal)))
            .Where(static text => !Exceptions.Contains(text.Place))
            .ToList();
        Assert.Empty(early);
    }

    [Theory]
    [InlineData("string Get() => \"global::System.Guid\";")]
    [InlineData("string Get(int number) => $\"global::System.{number}\";")]
    [InlineData("string Get(TypeName type) => $\"new {type}()\";")]
    [InlineData("string Get(TypeName type) => type + \".Contract\";")]
    [InlineData("string Get(TypeName type) => \"new \" + type;")]
    [InlineData("string Get(TypeName type) => type.ToString();")]
    [InlineData("string Get(TypeName type) => string.Concat(\"new \", type);")]
    [InlineData("string Get(System.Collections.Generic.List<TypeName> types) => string.Join(\", \", types);")]
    [InlineData("string Get(string text) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, true);")]
    [InlineData("string Get(Microsoft.CodeAnalysis.ISymbol type) => type.ToDisplayString(Microsoft.CodeAnalysis.SymbolDisplayFormat.FullyQualifiedFormat);")]
    public void Every_way_to_make_it_is_found(string member) => Assert.NotEmpty(Of(member));

    [Theory]
    [InlineData("string Get(TypeName type) => $\"no {type.Readable}\";")]
    [InlineData("bool Get(TypeName type, TypeName other) => type == other;")]
    [InlineData("string Get() => \"PEN001\"; // global::System.Guid")]
    public void What_is_for_people_is_none(string member) => Assert.Empty(Of(member));

    private static IReadOnlyList<ProjectCode.CodeText> Of(string member) => new ProjectCode(
        [("User.cs", $"class User {{ {member} }} sealed record TypeName {{ public string Readable => \"\"; }}")],
        new HashSet<string>()).CodeTexts(TypeName);
}
