using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Equality;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations.Origins;

/// <summary>
/// Finds the members of its first parameter from which a method computes each member of its result: those that the result reads, those that
/// it depends on exclusively, and those that it identifies. It has a result only if the method creates its result in one place: with
/// <c>new(…)</c>, <c>new T(…) { … }</c>, <c>row with { … }</c> or <c>row</c> itself.
/// </summary>
internal sealed class OriginAnalysis
{
    private const string KeyOfWindow = "Key";

    private readonly IMethodSymbol _method;
    private readonly IParameterSymbol _parameter;
    private readonly SemanticModel _model;
    private readonly PureValue _pure;
    private readonly HashSet<string> _locals;
    private readonly bool _isWindow;

    private OriginAnalysis(IMethodSymbol method, MethodDeclarationSyntax declaration, Compilation compilation)
    {
        (_method, _parameter) = (method, method.Parameters[0]);
        _model = compilation.GetSemanticModel(declaration.SyntaxTree);
        _pure = new PureValue(compilation, method.ContainingType);
        _isWindow = _parameter.Type.IsPenstock(KnownNames.Window);
        _locals = [.. declaration.DescendantNodes().Select(static node => node switch
        {
            VariableDeclaratorSyntax local => local.Identifier.ValueText,
            SingleVariableDesignationSyntax local => local.Identifier.ValueText,
            ForEachStatementSyntax loop => loop.Identifier.ValueText,
            _ => "",
        })];
    }

    /// <summary>The origins of the result; null if the code does not show them.</summary>
    public static RowOrigins? Of(IMethodSymbol method) =>
        !method.Parameters.IsEmpty && method.DeclaringSyntaxReferences is [var reference] && reference.GetSyntax()
            is MethodDeclarationSyntax declaration
        && method.ContainingAssembly is ISourceAssemblySymbol { Compilation: var compilation } && ResultOf(declaration)
            is { } result && UnmodifiedRow.IsUnchanged(
            method.Parameters[0],
            declaration,
            result)
            ? new OriginAnalysis(method, declaration, compilation).Of(result)
            : null;

    private RowOrigins? Of(ExpressionSyntax result) => result switch
    {
        BaseObjectCreationExpressionSyntax creation => OfCreation(creation),
        WithExpressionSyntax changed when IsGivenRow(changed.Expression) && UnmodifiedMembers.AreCopied(_parameter.Type) =>
            Assigned(changed.Initializer) is { } assigned ? new RowOrigins(true, assigned.ToEquatableArray()) : null,
        _ when IsGivenRow(result) => new RowOrigins(true, EquatableArray<MemberOrigin>.Empty),
        _ => null,
    };

    private bool IsGivenRow(ExpressionSyntax value) => value is IdentifierNameSyntax { Identifier.ValueText: var name }
        && name == _parameter.Name
        && SymbolEqualityComparer.Default.Equals(_parameter.Type, _method.ReturnType);

    private MemberOrigin OriginOf(ISymbol member, ExpressionSyntax value, bool isKept)
    {
        var reads = ReadsOf(value);
        var row = _parameter.Type;
        var made = !isKept || !_pure.IsMadeOf(value, _parameter, _model) ? null
            : _isWindow ? reads : TransitiveMembers.StoredOf(reads, row);
        return new MemberOrigin(member.Name, _isWindow ? reads : TransitiveMembers.Of(reads, row), made)
        {
            Identified = made == null
                ? EquatableArray<IdentifiedMember>.Empty
                : new IdentifyingValue(_model, _parameter).Of(value, member.TypeOfMember()!),
        };
    }

    private static ExpressionSyntax? ResultOf(MethodDeclarationSyntax method)
    {
        var result = method.ExpressionBody?.Expression;
        if (method.Body != null)
        {
            var returns = method.Body.DescendantNodes().OfType<ReturnStatementSyntax>().ToList();
            result = returns.Count == 1 ? returns[0].Expression : null;
        }

        while (result is ParenthesizedExpressionSyntax inner)
        {
            result = inner.Expression;
        }

        return result;
    }

    private RowOrigins? OfCreation(BaseObjectCreationExpressionSyntax creation)
    {
        if (_model.GetSymbolInfo(creation).Symbol is not IMethodSymbol constructor
            || !SymbolEqualityComparer.Default.Equals(constructor.ContainingType, _method.ReturnType)
            || Assigned(creation.Initializer) is not { } assigned)
        {
            return null;
        }

        var arguments = creation.ArgumentList?.Arguments ?? default;
        var origins = new List<MemberOrigin>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i].NameColon?.Name.Identifier.ValueText;
            var parameter = name == null
                ? constructor.Parameters.ElementAtOrDefault(i)
                : constructor.Parameters.FirstOrDefault(parameter => parameter.Name == name);
            var member = parameter == null ? null : constructor.ContainingType.GetMembers()
                .FirstOrDefault(member => member is IPropertySymbol or IFieldSymbol { IsImplicitlyDeclared: false }
                    && string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
            if (member == null)
            {
                return null;
            }

            origins.Add(OriginOf(member, arguments[i].Expression, UnmodifiedMembers.IsStored(constructor, parameter!, member)));
        }

        // An assignment after the constructor replaces the value that the constructor stored.
        return new RowOrigins(
            false,
            origins.Where(made => !assigned.Exists(later => later.Name == made.Name)).Concat(assigned).ToEquatableArray());
    }

    // The assignments of an initializer; null if a setter has code, which may set any member.
    private List<MemberOrigin>? Assigned(InitializerExpressionSyntax? initializer)
    {
        var origins = new List<MemberOrigin>();
        foreach (var assigned in initializer?.Expressions ?? default)
        {
            if (assigned is not AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } assignment || _model.GetSymbolInfo(
                name).Symbol is not { } member
                || member is IPropertySymbol property && (property.IsVirtual
                    || property.IsOverride
                    || property.IsAbstract
                    || RowMembers.SetterOf(property) != null
                    || IsSetByUnseenCode(property)))
            {
                return null;
            }

            origins.Add(OriginOf(member, assignment.Right, UnmodifiedMembers.IsPlain(member)));
        }

        return origins;
    }

    private static bool IsSetByUnseenCode(IPropertySymbol property) =>
        property.IsPartialDefinition || property.DeclaringSyntaxReferences.IsEmpty && !UnmodifiedMembers.IsPlain(property);

    // A value from a local variable can have any origin.
    private RowReads ReadsOf(ExpressionSyntax value)
    {
        var members = new List<string>();
        foreach (var name in value.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText == _parameter.Name && !IsMemberName(name))
            {
                if (name.Parent is not MemberAccessExpressionSyntax access || IsMaybeExtension(access))
                {
                    return RowReads.Everything;
                }

                // A member of a key with several parts is a separate part.
                var member = access.Name.Identifier.ValueText;
                var item = _isWindow
                    && member == KeyOfWindow
                    && access.Parent is MemberAccessExpressionSyntax part
                    && part.Expression == access ? IdentifyingValue.ItemOf(_parameter.Type, part.Name.Identifier.ValueText) : 0;
                members.Add(item == 0 ? member : WindowKey.PartOf(item));
            }
            else if (_locals.Contains(name.Identifier.ValueText) && !IsMemberName(name))
            {
                return RowReads.Everything;
            }
        }

        return RowReads.Of(members);
    }

    // row.Method(1) is an extension method if no method of the row accepts the argument.
    private static bool IsMaybeExtension(MemberAccessExpressionSyntax access) =>
        access.Parent is InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } call && call.Expression == access;

    private static bool IsMemberName(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name || name.Parent is MemberBindingExpressionSyntax;
}
